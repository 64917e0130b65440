package dev.shakedown.run;

import dev.shakedown.results.HostPort;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What a client offers and computes unless told otherwise. */
public final class DefaultClient {
    /**
     * The groups offered. The hybrid group is not among them: a server that prefers it would ask for it with a
     * HelloRetryRequest, which costs a round trip.
     */
    public static final List<NamedGroup> GROUPS = List.of(NamedGroup.X25519, NamedGroup.SECP256R1,
            NamedGroup.SECP384R1);

    private DefaultClient() {}

    /**
     * Returns the settings of a client that costs next to nothing: it offers all suites of these versions except DHE
     * and weak ones, sends the server's name unless that is an address, resumes with tickets, and has a key share that
     * needs no computation. It verifies no certificate.
     *
     * @param versions the versions to offer, at least one
     */
    public static ClientSettings of(Target target, ProtocolVersion... versions) {
        var offered = Arrays.stream(versions).distinct().sorted(Comparator.reverseOrder()).toList();
        var suites = Arrays.stream(CipherSuite.values()).filter(CipherSuite::isUsual)
                .filter(suite -> offered.stream().anyMatch(suite::isOf)).toList();
        return new ClientSettings(offered, suites, GROUPS, HostPort.isLiteral(target.host()) ? null : target.host(),
                List.of(), true, PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE, null,
                null);
    }
}
