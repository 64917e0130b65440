package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.honest;
import static dev.shakedown.tls.client.Script.instead;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is computed once and what again, according to the three options for the client's cost. */
class ClientMemoryTest {
    private static final Script<Step, ScriptedServer> BAD_SIGNATURE = instead(Step.SERVER_KEY_EXCHANGE, server -> {
        var honest = server.onCurve();
        server.send(new ServerKeyExchange.Ecdhe(honest.group(), honest.point(), honest.scheme(), new byte[8]));
    });
    private static final Script<Step, ScriptedServer> UNKNOWN_CHAIN = instead(Step.CERTIFICATE,
            server -> server.send(new Certificate(TestIdentity.UNKNOWN.chain())));

    @ParameterizedTest
    @EnumSource
    void basePointAndReusedSharesStayAndFreshOnesDoNot(KeyShareMode mode) {
        var memory = memory(Kind.ECDHE_ECDSA, mode, PremasterMode.REUSED, VerifyMode.NONE);
        for (var group : NamedGroup.values()) {
            var first = memory.keyShare(group).publicValue();
            var second = memory.keyShare(group).publicValue();
            assertEquals(mode != KeyShareMode.FRESH, Arrays.equals(first, second));
        }
    }

    @ParameterizedTest
    @CsvSource({"ECDHE_ECDSA, BASE_POINT", "ECDHE_ECDSA, REUSED", "ECDHE_RSA, FRESH", "CHACHA, FRESH"})
    void everyKeyShareIsDoneAgainAndAgain(Kind kind, KeyShareMode mode) {
        var memory = memory(kind, mode, PremasterMode.REUSED, VerifyMode.NONE);
        for (var i = 0; i < 3; i++) {
            Ended.assertDone(false, new Tls12Exchange(kind, memory, null).exchange(honest()).client.state());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPremasterSecretIsEncryptedOncePerServerOrAlways(PremasterMode mode) throws Fault {
        var server = new ServerIdentity(TestIdentity.RSA.chain());
        var random = new SecureRandom();
        var primitives = new Primitives(new SplittableRandom(1));
        var first = server.premaster(mode, 0x0303, random, primitives);
        var second = server.premaster(mode, 0x0303, random, primitives);
        if (mode == PremasterMode.REUSED) {
            assertSame(first, second);
        } else {
            assertNotSame(first, second);
            assertFalse(Arrays.equals(first.premaster().bytes(), second.premaster().bytes()));
        }
        var memory = memory(Kind.RSA, KeyShareMode.BASE_POINT, mode, VerifyMode.NONE);
        for (var i = 0; i < 3; i++) {
            Ended.assertDone(false, new Tls12Exchange(Kind.RSA, memory, null).exchange(honest()).client.state());
        }
    }

    /** An unknown chain, and a wrong signature, after {@code before} good handshakes. */
    @ParameterizedTest
    @CsvSource({"NONE, 0, DONE, DONE", "NONE, 1, DONE, DONE", "ONCE, 0, CERTIFICATE, SERVER_KEY_EXCHANGE",
        "ONCE, 1, CERTIFICATE, DONE", "ALWAYS, 0, CERTIFICATE, SERVER_KEY_EXCHANGE",
        "ALWAYS, 1, CERTIFICATE, SERVER_KEY_EXCHANGE"})
    void verifiesAsOftenAsAsked(VerifyMode mode, int before, String unknownChain, String badSignature) {
        for (var broken : List.of(UNKNOWN_CHAIN, BAD_SIGNATURE)) {
            var memory = memory(Kind.ECDHE_ECDSA, KeyShareMode.BASE_POINT, PremasterMode.REUSED, mode);
            for (var i = 0; i < before; i++) {
                Ended.assertDone(false,
                        new Tls12Exchange(Kind.ECDHE_ECDSA, memory, null).exchange(honest()).client.state());
            }
            var state = new Tls12Exchange(Kind.ECDHE_ECDSA, memory, null).exchange(broken).client.state();
            assertEquals(broken == UNKNOWN_CHAIN ? unknownChain : badSignature,
                    state instanceof Done ? "DONE" : state.stage().name());
        }
    }

    /** A bad signature after a good chain is not remembered as a verified server. */
    @Test
    void onceMeansOnceSuccessfully() {
        var memory = memory(Kind.ECDHE_ECDSA, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.ONCE);
        for (var i = 0; i < 2; i++) {
            assertEquals(Stage.SERVER_KEY_EXCHANGE,
                    new Tls12Exchange(Kind.ECDHE_ECDSA, memory, null).exchange(BAD_SIGNATURE).failure().stage());
        }
    }

    @Test
    void knowsSixtyFourServersAtMost() {
        var memory = memory(Kind.RSA, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE);
        var first = memory.server(chain(0));
        assertSame(first, memory.server(chain(0)));
        for (var i = 1; i < 64; i++) {
            memory.server(chain(i));
        }
        assertSame(first, memory.server(chain(0)));
        var last = memory.server(chain(64));
        assertNotSame(first, memory.server(chain(0)));
        assertSame(last, memory.server(chain(64)));
    }

    @Test
    void theHelloOffersWhatTheSettingsSay() {
        var exchange = new Tls12Exchange(Kind.BY_TICKET).exchange(honest());
        var hello = exchange.server.clientHello();
        assertEquals(0x0303, hello.version());
        assertArrayEquals(new int[]{0xc02f, 0x002f}, hello.cipherSuites());
        assertEquals(List.of(0, 23, 0xff01, 10, 11, 16, 22, 13, 35),
                hello.extensions().stream().map(extension -> extension.type()).toList());
        var plain = new Tls12Exchange(Kind.PLAIN).exchange(honest()).server.clientHello();
        assertEquals(List.of(0, 23, 0xff01, 10, 11, 16, 13),
                plain.extensions().stream().map(extension -> extension.type()).toList());
        assertEquals(0, plain.sessionId().length);
    }

    private static List<byte[]> chain(int number) {
        return List.of(new byte[]{(byte) number});
    }

    private static ClientMemory memory(Kind kind, KeyShareMode share, PremasterMode premaster, VerifyMode verify) {
        var settings = kind.settings();
        return new ClientMemory(
                new ClientSettings(settings.versions(), settings.suites(), settings.groups(), settings.sni(),
                        settings.alpn(), settings.tickets(), settings.pskMode(), share, premaster, verify,
                        settings.trust(),
                        settings.identity()),
                SessionMemory.UNLIMITED);
    }
}
