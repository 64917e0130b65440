package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Rule;
import dev.shakedown.tls.wire.Violation;
import dev.shakedown.trace.Cause.Certainty;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a failure alone reveals about its cause. */
class CauseTest {
    static final ClientSettings SETTINGS = new ClientSettings(List.of(ProtocolVersion.TLS_1_2),
            List.of(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256), List.of(NamedGroup.X25519), null, List.of(), true,
            PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE, null, null);

    private static Cause cause(Stage stage, Rule rule, String meaning) {
        return cause(new HandshakeFailure(stage, true, rule.alert().label(), true, Optional.of(rule), meaning));
    }

    private static Cause cause(HandshakeFailure failure) {
        return Cause.of(new Exchange(List.of(), Map.of(), Map.of(), List.of(), failure, null, null, null, false, false,
                EarlyData.NOT_OFFERED), SETTINGS);
    }

    /** Nothing was verified: the key was of another kind than the suite needs, or could not be read. */
    @Test
    void aCertificateThatCannotBeUsedIsNotOneThatIsNotTrusted() {
        for (var rule : List.of(Violation.CERTIFICATE_WITHOUT_RSA_KEY, Refusal.KEY_UNKNOWN_TO_JAVA,
                Violation.CERTIFICATE_NOT_DER)) {
            var cause = cause(Stage.CERTIFICATE, rule, "what is the matter");
            assertEquals(Certainty.KNOWN, cause.certainty());
            assertFalse(cause.sentence().toString().contains("trust"), cause.sentence()::toString);
            assertFalse(cause.advice().toString().contains("verify"), cause.advice()::toString);
            assertTrue(cause.sentence().toString().endsWith("what is the matter"), cause.sentence()::toString);
        }
        assertTrue(cause(Stage.CERTIFICATE, Refusal.CERTIFICATE_UNTRUSTED, "not trusted").sentence().toString()
                .contains("does not trust"));
    }

    /** A limit of this client is not the server's fault; a violation of the protocol is. */
    @Test
    void refusalsAreToldFromBrokenRules() {
        for (var refusal : Refusal.values()) {
            var sentence = cause(Stage.CERTIFICATE, refusal, "as it is").sentence().toString();
            assertFalse(sentence.contains("broke a rule"), refusal + ": " + sentence);
            assertTrue(sentence.contains("as it is"), refusal + ": " + sentence);
        }
    }

    /** An alert about a certificate is no answer to one that was never presented. */
    @Test
    void noCertificateWasShown() {
        var cause = cause(new HandshakeFailure(Stage.SERVER_HELLO, false, "bad_certificate", true, Optional.empty(),
                "it wants one"));
        assertEquals(Certainty.OPEN, cause.certainty());
        assertEquals("it wants one", cause.sentence().toString());
    }

    @Test
    void theClientsOwnHalfOfTheKeyExchange() {
        var cause = cause(Stage.CLIENT_KEY_EXCHANGE, Refusal.DH_GROUP_UNUSABLE, "no key in so odd a group");
        var basePoint = Setting.KEY_SHARE.to("base-point");
        assertEquals("no key in so odd a group; with key share base-point it needs none", cause.sentence().toString());
        assertEquals(Optional.of(Advice.of("%s", basePoint)), cause.advice());
    }

    /** A limit of this client is not reported as the server's fault. */
    @Test
    void aGroupThatIsTooSmallIsALimitOfTheClients() {
        var prime = BigInteger.ONE.shiftLeft(255).add(BigInteger.ONE).toByteArray();
        var fault = assertThrows(Fault.class, () -> DiffieHellman.group(prime, new byte[]{2}));
        assertEquals(AlertDescription.INSUFFICIENT_SECURITY, fault.alert());
        var cause = cause(Stage.SERVER_KEY_EXCHANGE, fault.rule(), fault.getMessage());
        assertEquals(Certainty.KNOWN, cause.certainty());
        assertEquals(
                "the client has a limit of its own: the server's Diffie-Hellman group has a prime of 256 bits; the"
                        + " minimum is 512",
                cause.sentence().toString());
        assertEquals("a stronger key or group on the server, or suites without it by suites",
                cause.advice().orElseThrow().toString());
    }
}
