package dev.shakedown.trace;

import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds why a server refuses a ClientHello when it does not say so: by further handshakes that each offer more of one thing.
 * What alone makes the server answer is the cause.
 */
public final class Diagnosis {
    /** The most handshakes that are spent. */
    public static final int MOST = 40;
    /** How many suites that the server takes are named. */
    private static final int EXAMPLES = 5;

    /** What an offer consists of; the first that explains a refusal is taken for its cause. */
    private enum Dimension {
        GROUP {
            @Override
            ClientSettings widened(ClientSettings settings) {
                return settings.withGroups(union(settings.groups(), all(settings.versions())));
            }
        },
        SUITE {
            @Override
            ClientSettings widened(ClientSettings settings) {
                return settings.withSuites(union(settings.suites(), of(settings.versions())));
            }
        },
        ALPN {
            @Override
            ClientSettings widened(ClientSettings settings) {
                return settings.withAlpn(List.of());
            }
        },
        SNI {
            @Override
            ClientSettings widened(ClientSettings settings) {
                return settings.withSni(null);
            }
        },
        RENEGOTIATION {
            @Override
            ClientSettings widened(ClientSettings settings) {
                var details = settings.details();
                return settings.withDetails(new ClientSettings.Details(details.signatureSchemes(),
                        ClientSettings.Renegotiation.SIGNALLING_SUITE, details.compression()));
            }
        },
        VERSION {
            @Override
            ClientSettings widened(ClientSettings settings) {
                return settings.withVersions(VERSIONS).withSuites(union(settings.suites(), of(VERSIONS.stream()
                        .filter(version -> !settings.offers(version)).toList())));
            }
        };

        abstract ClientSettings widened(ClientSettings settings);
    }

    static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2,
            ProtocolVersion.TLS_1_1, ProtocolVersion.TLS_1_0, ProtocolVersion.SSL_3_0);

    private final ClientSettings settings;
    private final Function<ClientSettings, Exchange> probe;
    private int probes;

    private Diagnosis(ClientSettings settings, Function<ClientSettings, Exchange> probe) {
        this.settings = settings;
        this.probe = probe;
    }

    /**
     * The verdict on {@code failed}, after as many more handshakes as it takes.
     *
     * @param settings with which it failed
     * @param probe    does one handshake with other settings
     */
    public static Verdict of(Exchange failed, ClientSettings settings, Function<ClientSettings, Exchange> probe) {
        var verdict = Verdict.of(failed, settings);
        if (failed.completed() || Cause.of(failed).certain() || answered(failed, settings)
                || failed.failure().stage() != Stage.SERVER_HELLO || failed.failure().cause().equals("timeout")) {
            return verdict;
        }
        var diagnosis = new Diagnosis(settings, probe);
        var cause = diagnosis.cause(verdict);
        return verdict.with(cause, diagnosis.probes);
    }

    private Cause cause(Verdict verdict) {
        for (var dimension : Dimension.values()) {
            if (answers(dimension.widened(settings))) {
                return found(dimension, settings);
            }
        }
        // More than one thing is in the way; the version only if it must be, since another one brings its own suites.
        for (var dimensions : List.of(EnumSet.complementOf(EnumSet.of(Dimension.VERSION)),
                EnumSet.allOf(Dimension.class))) {
            if (answers(widened(dimensions))) {
                var causes = dimensions.stream().map(dimension -> {
                    var others = EnumSet.copyOf(dimensions);
                    others.remove(dimension);
                    var restored = widened(others);
                    return answers(restored) ? null : found(dimension, restored);
                }).filter(Objects::nonNull).toList();
                return causes.isEmpty()
                        ? Cause.known("the server answers only a wider offer than this one",
                                "other values of --tls, --cipher and --group")
                        : Cause.known(join(causes, Cause::sentence, "; and "), join(causes, Cause::advice, " and "));
            }
        }
        return Cause.known(verdict.cause() + " (nor does it answer anything else that this client can offer)",
                verdict.advice());
    }

    private ClientSettings widened(Set<Dimension> dimensions) {
        var wide = settings;
        for (var dimension : dimensions) {
            wide = dimension.widened(wide);
        }
        return wide;
    }

    private static String join(List<Cause> causes, Function<Cause, String> part, String with) {
        return causes.stream().map(part).filter(Objects::nonNull).collect(Collectors.joining(with));
    }

    /** @param others with which the server refuses, and answers if they are widened in {@code dimension} */
    private Cause found(Dimension dimension, ClientSettings others) {
        return switch (dimension) {
            case GROUP -> {
                var taken = all(others.versions()).stream().filter(group -> !others.groups().contains(group))
                        .filter(group -> answers(others.withGroups(List.of(group)))).map(NamedGroup::label).toList();
                yield Cause.known("no common group: the server takes " + String.join(", ", taken)
                        + ", and none that was offered", "--group " + String.join(",", taken));
            }
            case SUITE -> {
                var taken = suitesTaken(others.withSuites(of(others.versions())));
                yield Cause.known("no common cipher suite: the server takes " + String.join(", ", taken)
                        + ", and none that was offered", "--cipher " + taken.getFirst());
            }
            case ALPN -> Cause.known("no common application protocol", "another --alpn, or none");
            case SNI -> Cause.known("the server has nothing under the name " + others.sni(),
                    "--sni with a name that it serves, or --sni '' for none");
            case RENEGOTIATION -> Cause.known("the server does not take the extension renegotiation_info, but the"
                    + " signalling suite that says the same", null);
            case VERSION -> {
                var taken = VERSIONS.stream().filter(version -> !others.offers(version))
                        .filter(version -> answers(
                                others.withVersions(List.of(version)).withSuites(of(List.of(version)))))
                        .toList();
                yield Cause.known("no common protocol version: the server speaks "
                        + taken.stream().map(ProtocolVersion::label).collect(Collectors.joining(", "))
                        + ", and none that was offered",
                        "--tls " + taken.stream().map(ProtocolVersion::option)
                                .collect(Collectors.joining(" or --tls ")));
            }
        };
    }

    /** Those that the server chooses, each from what it has not chosen before. */
    private List<String> suitesTaken(ClientSettings wide) {
        var left = new ArrayList<>(wide.suites());
        var taken = new ArrayList<String>();
        while (taken.size() < EXAMPLES && probes < MOST && !left.isEmpty()) {
            var exchange = exchange(wide.withSuites(List.copyOf(left)));
            if (exchange.suite() == null || !left.remove(exchange.suite())) {
                break;
            }
            taken.add(exchange.suite().name());
        }
        return taken;
    }

    private boolean answers(ClientSettings others) {
        return !others.equals(settings) && probes < MOST && answered(exchange(others), others);
    }

    private Exchange exchange(ClientSettings others) {
        probes++;
        return probe.apply(others);
    }

    /** Whether the server has chosen a version that was offered, and with it something else. */
    static boolean answered(Exchange exchange, ClientSettings offer) {
        var hello = exchange.message(false, ServerHello.class);
        try {
            return hello != null && offer.offers(ProtocolVersion.of(hello.selectedVersion()));
        } catch (Fault _) {
            return false;
        }
    }

    static List<NamedGroup> all(List<ProtocolVersion> versions) {
        return Arrays.stream(NamedGroup.values()).filter(group -> group != NamedGroup.X25519MLKEM768
                || versions.contains(ProtocolVersion.TLS_1_3)).toList();
    }

    static List<CipherSuite> of(List<ProtocolVersion> versions) {
        return Arrays.stream(CipherSuite.values()).filter(suite -> versions.stream().anyMatch(suite::isOf)).toList();
    }

    /** The first list, and what the second has beyond it. */
    private static <T> List<T> union(List<T> first, List<T> second) {
        var union = new ArrayList<>(first);
        second.stream().filter(each -> !first.contains(each)).forEach(union::add);
        return List.copyOf(union);
    }
}
