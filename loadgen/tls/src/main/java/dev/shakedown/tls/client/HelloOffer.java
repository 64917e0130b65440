package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.Renegotiation;
import dev.shakedown.tls.client.Offered.None;
import dev.shakedown.tls.client.Offered.OfTls12;
import dev.shakedown.tls.client.Offered.OfTls13;
import dev.shakedown.tls.client.Offered.Resumption;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds ClientHellos. */
class HelloOffer {
    private static final byte[] NONE = {};
    private static final int EXTENSION_HEADER = 4;
    /** More than the key share, early data, the binder and their headers take, in bytes. */
    private static final int TLS13_ALLOWANCE = 4096;

    private final ProtocolVersion version;
    private final int[] suites;
    private final byte[] compressionMethods;
    private final boolean tls12;
    private final boolean tls13;
    /** Whether to send session_ticket: TLS 1.2 needs it to get a ticket, TLS 1.3 does not. */
    private final boolean sendsSessionTicket;
    private final List<Integer> foreignGroups;
    private final List<Extension> always = new ArrayList<>();
    private @Nullable KeyShare lastShare;
    private @Nullable Extension lastKeyShare;

    HelloOffer(ClientSettings settings) {
        var numbers = settings.suites().stream().mapToInt(CipherSuite::id);
        // SSL 3.0 has no extensions, and servers of its time refuse what they do not know; so send none if nothing else
        // is offered.
        var extensible = settings.versions().getFirst() != ProtocolVersion.SSL_3_0;
        var signal = settings.details().renegotiation();
        suites = (signal == Renegotiation.SIGNALLING_SUITE || signal == Renegotiation.EXTENSION && !extensible
                ? IntStream.concat(numbers, IntStream.of(ClientHello.RENEGOTIATION_SIGNAL))
                : numbers).toArray();
        var compression = settings.details().compression();
        compressionMethods = new byte[compression.size()];
        for (var i = 0; i < compressionMethods.length; i++) {
            compressionMethods[i] = (byte) compression.get(i).id();
        }
        foreignGroups = settings.details().groupNumbers();
        tls12 = settings.offersUpToTls12();
        version = settings.legacyVersion();
        tls13 = settings.offers(ProtocolVersion.TLS_1_3);
        sendsSessionTicket = tls12 && extensible && settings.tickets();
        if (!extensible) {
            return;
        }
        if (settings.sni() != null) {
            always.add(Extension.serverName(settings.sni()));
        }
        if (tls12) {
            always.add(Extension.extendedMasterSecret());
            if (settings.details().renegotiation() == Renegotiation.EXTENSION) {
                always.add(Extension.renegotiationInfo());
            }
        }
        if (tls13 || settings.suites().stream().anyMatch(suite -> suite.keyExchange() == KeyExchange.ECDHE)) {
            always.add(foreignGroups.isEmpty()
                    ? Extension.supportedGroups(settings.groups())
                    : Extension.supportedGroupNumbers(foreignGroups));
        }
        if (settings.suites().stream().anyMatch(suite -> suite.keyExchange() == KeyExchange.ECDHE)) {
            always.add(Extension.ecPointFormats());
        }
        if (!settings.alpn().isEmpty()) {
            always.add(Extension.alpn(settings.alpn()));
        }
        if (settings.suites().stream().anyMatch(suite -> suite.bulk().isCbc())) {
            always.add(Extension.encryptThenMac());
        }
        // RFC 5246, 7.4.1.4.1: older versions do not have it.
        if (version == ProtocolVersion.TLS_1_2) {
            always.add(Extension.signatureAlgorithms(settings.details().signatureSchemes()));
        }
        if (tls13) {
            always.add(Extension.supportedVersions(settings.versions()));
            always.add(Extension.pskKeyExchangeMode(switch (settings.pskMode()) {
                case DHE_KE -> Extension.PSK_DHE_KE;
                case KE -> Extension.PSK_KE;
            }));
        }
        settings.details().extensions().forEach(extension -> {
            always.removeIf(own -> own.type() == extension.type());
            always.add(extension);
        });
    }

    /** Whether ClientHellos contain a key share. */
    boolean hasShare() {
        return tls13;
    }

    /** * Returns the first ClientHello.
     *
     * @param share      the key share, if TLS 1.3 is offered
     * @param resumption the session to offer
     * @param earlyData  how many bytes of early data there are; they are announced if the session allows that many
     * @param nowNanos   the current time, from which the ticket's age is computed
     */
    Offered first(Optional<KeyShare> share, Resumption resumption, int earlyData, Primitives primitives,
            long nowNanos) {
        var random = randomBytes(ClientHello.RANDOM_LENGTH, primitives);
        // The server echoes a random ID if it accepts the ticket (RFC 5077, 3.4), and always in TLS 1.3.
        var sessionId = switch (resumption) {
            case OfTls12(var session) when session.ticket() == null -> session.id();
            case None _ when !tls13 -> NONE;
            default -> randomBytes(ClientHello.MAX_SESSION_ID, primitives);
        };
        var announced = earlyData > 0 && resumption instanceof OfTls13(var session, _)
                && earlyData <= session.maxEarlyData();
        var extensions = new ArrayList<Extension>(always.size() + 4);
        extensions.addAll(always);
        if (sendsSessionTicket) {
            extensions.add(Extension.sessionTicket(
                    resumption instanceof OfTls12(var session) && session.ticket() != null
                            ? session.ticket()
                            : NONE));
        }
        if (announced) {
            extensions.add(Extension.earlyData());
        }
        return offered(random, sessionId, extensions, share, resumption,
                announced ? EarlyData.UNANSWERED : EarlyData.NOT_OFFERED, nowNanos);
    }

    /**
     * Returns the ClientHello that answers a HelloRetryRequest: the first one with the requested changes (RFC 8446,
     * 4.1.2).
     *
     * @param share in the requested group, or else that of the first ClientHello
     */
    Offered again(Offered first, RetryRequest retry, Optional<KeyShare> share, long nowNanos) {
        var extensions = new ArrayList<>(first.hello().extensions());
        extensions.removeIf(extension -> switch (extension.type()) {
            case Extension.KEY_SHARE, Extension.EARLY_DATA, Extension.PRE_SHARED_KEY -> true;
            default -> false;
        });
        retry.cookie().ifPresent(extensions::add);
        // A key under another hash can no longer be used (RFC 8446, 4.1.4).
        var stillUsable = first.resumption() instanceof OfTls13(var session, _)
                && session.key().hash() == retry.suite().prfHash()
                && canCarry(session.ticket().length + retry.cookieLength());
        return offered(first.hello().random(), first.hello().sessionId(), extensions, share,
                stillUsable ? first.resumption() : Resumption.NONE,
                first.announcesEarlyData() ? EarlyData.REJECTED : first.earlyData(), nowNanos);
    }

    private Offered offered(byte[] random, byte[] sessionId, List<Extension> extensions,
            Optional<KeyShare> share, Resumption resumption, EarlyData earlyData, long nowNanos) {
        if (share.isPresent()) {
            // RFC 8446, 4.2.8: an empty list asks the server to request a share
            extensions.add(foreignGroups.isEmpty() ? extension(share.get()) : Extension.noKeyShare());
        }
        if (resumption instanceof OfTls13(var session, _)) {
            extensions.add(Extension.preSharedKey(session.ticket(), session.obfuscatedAge(nowNanos),
                    session.key().hash().length()));
        }
        return new Offered(new ClientHello(version.id(), random, sessionId, suites, compressionMethods,
                extensions), share, resumption, earlyData);
    }

    /** Whether a ClientHello has room for a ticket of this length, as all its extensions share one 16-bit length. */
    boolean canCarry(int ticketLength) {
        var length = EXTENSION_HEADER + ticketLength + (tls13 ? TLS13_ALLOWANCE : 0);
        for (var extension : always) {
            length += EXTENSION_HEADER + extension.data().length;
        }
        return length <= 0xffff;
    }

    private Extension extension(KeyShare share) {
        var extension = lastKeyShare;
        if (extension == null || share != lastShare) {
            extension = Extension.keyShare(share.group(), share.publicValue());
            lastShare = share;
            lastKeyShare = extension;
        }
        return extension;
    }

    private static byte[] randomBytes(int length, Primitives primitives) {
        var bytes = new byte[length];
        primitives.random().nextBytes(bytes);
        return bytes;
    }
}
