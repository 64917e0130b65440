package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.results.RunResult.NegotiatedRow;
import dev.shakedown.results.RunResult.Resumption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS 1.3 with every server, full and resumed: what we count is what the server itself counted. */
class Tls13InteropTest {

    private static final PeerOptions USUAL = PeerOptions.tls13(ServerCertificate.ECDSA_P256);

    @ParameterizedTest
    @EnumSource
    void everyGroupWithEverySuite(ServerKind kind) {
        for (var group : Group.values()) {
            try (var server = kind.start(USUAL.group(group))) {
                for (var suite : USUAL.suites()) {
                    var run = run(server, kind, "--count 6 --mix full=1,resumed=2 --group " + group.label()
                            + " --cipher " + suite).assertCompleted(2, 4);
                    assertEquals(List.of(new NegotiatedRow("TLSv1.3", suite.name(), group.label(), 6)),
                            run.result().negotiated());
                    assertEquals(new Resumption(4, 4, 4, 0, 0), run.result().resumption());
                    assertEquals(0, run.result().helloRetryRequests());
                }
                server.assertCounts(6, 12);
            }
        }
    }

    static LoadRun run(Server server, ServerKind kind, String options) {
        return LoadRun.against(server.port(), "--tls 1.3 --concurrency 1 --close " + kind.close() + " " + options);
    }
}
