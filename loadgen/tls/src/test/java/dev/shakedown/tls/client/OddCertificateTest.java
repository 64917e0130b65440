package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.instead;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.crypto.CertificateKey;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that Java does not parse, and which settings require it to. */
class OddCertificateTest {
    /** RFC 5280, 4.2.1.6: without a subject, subjectAltName must be critical, as Java insists. */
    private static byte[] nameless() {
        return Issued.certificate("", certified(TestIdentity.RSA), "a.example");
    }

    private static PublicKey certified(TestIdentity identity) {
        try {
            return CertificateKey.of(identity.chain().getFirst());
        } catch (Fault e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withoutVerificationTheKeyAloneIsRead() {
        var exchange = exchange(Tls12Exchange.Kind.RSA, VerifyMode.NONE, List.of(nameless()));
        Ended.assertDone(false, exchange.client.state());
    }

    @Test
    void withoutVerificationOnlyTheLeafIsParsed() {
        var exchange = exchange(Tls12Exchange.Kind.RSA, VerifyMode.NONE,
                List.of(TestIdentity.RSA.chain().getFirst(), "no certificate".getBytes()));
        Ended.assertDone(false, exchange.client.state());
        assertEquals(Optional.of(false), exchange.client.bearsName());
    }

    @Test
    void withVerificationItIsJavaThatRefuses() {
        var exchange = exchange(Tls12Exchange.Kind.RSA, VerifyMode.ALWAYS, List.of(nameless()));
        exchange.assertEndedByClient(Stage.CERTIFICATE, Refusal.CERTIFICATE_REFUSED_BY_JAVA);
        var meaning = exchange.failure().meaning();
        assertTrue(meaning.contains("SubjectAlternativeName"), meaning);
    }

    @Test
    void withVerificationItIsSaidWhichOneIsRefused() {
        var exchange = exchange(Tls12Exchange.Kind.VERIFIED, VerifyMode.ALWAYS,
                List.of(TestIdentity.ECDSA.chain().getFirst(), new byte[300]));
        exchange.assertEndedByClient(Stage.CERTIFICATE, Refusal.CERTIFICATE_REFUSED_BY_JAVA);
        assertTrue(exchange.failure().meaning().contains("certificate 2 of the server's chain"),
                exchange.failure().meaning());
    }

    @Test
    void noClassOfJavaIsNamed() {
        var exchange = exchange(Tls12Exchange.Kind.VERIFIED, VerifyMode.ALWAYS, TestIdentity.UNKNOWN.chain());
        exchange.assertEndedByClient(Stage.CERTIFICATE, Refusal.CERTIFICATE_UNTRUSTED);
        assertTrue(!exchange.failure().meaning().contains("Exception"), exchange.failure().meaning());
    }

    /** RFC 4055, 1.2: such a key is only for signatures of that one kind. */
    @Test
    void anRsassaPssKeyIsNotForRsaKeyExchange() {
        var certificate = Issued.certificate("CN=a", Issued.keyPair("RSASSA-PSS").getPublic());
        exchange(Tls12Exchange.Kind.RSA, VerifyMode.NONE, List.of(certificate)).assertEndedByClient(Stage.CERTIFICATE,
                AlertDescription.UNSUPPORTED_CERTIFICATE);
    }

    /** RFC 8422, 5.1; this client offers x25519 and P-256. */
    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void aKeyOnACurveThatWasNotOfferedIsRefused(String curve) {
        var certificate = Issued.certificate("CN=a", Issued.keyPair(curve).getPublic());
        for (var verify : VerifyMode.values()) {
            exchange(Tls12Exchange.Kind.ECDHE_ECDSA, verify, List.of(certificate)).assertEndedByClient(
                    Stage.CERTIFICATE,
                    AlertDescription.ILLEGAL_PARAMETER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "RSASSA-PSS", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448", "DSA"})
    void everyKindOfKeyIsRead(String algorithm) throws Fault {
        var key = Issued.keyPair(algorithm).getPublic();
        var read = CertificateKey.of(Issued.certificate("CN=a", key, "a.example"));
        assertEquals(key, read);
        assertArrayEquals(key.getEncoded(), read.getEncoded());
        assertEquals(key.getAlgorithm(), read.getAlgorithm());
    }

    @Test
    void aTruncatedCertificateIsRefused() {
        var whole = nameless();
        for (var length = 0; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertEquals(AlertDescription.BAD_CERTIFICATE,
                    assertThrows(Fault.class, () -> CertificateKey.of(cut)).alert(), "cut at " + length);
        }
        var more = Arrays.copyOf(whole, whole.length + 1);
        assertThrows(Fault.class, () -> CertificateKey.of(more));
    }

    @Test
    void aKeyThatJavaDoesNotHaveIsNamedSo() {
        var certificate = Issued.certificate("CN=a", Issued.keyPair("X25519").getPublic());
        assertEquals(AlertDescription.UNSUPPORTED_CERTIFICATE,
                assertThrows(Fault.class, () -> CertificateKey.of(certificate)).alert());
    }

    /** RFC 8446, 4.4.2: a chain may have 2^24 - 1 bytes. */
    @Test
    void aChainOf900KilobytesIsAccepted() {
        var chain = new ArrayList<>(TestIdentity.RSA.chain());
        chain.addAll(Collections.nCopies(9, new byte[100_000]));
        var memory = new ClientMemory(Tls12Exchange.Kind.RSA.settings(), SessionMemory.UNLIMITED);
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.RSA, memory, null).exchange(instead(Step.CERTIFICATE,
                server -> server.sendInParts(new Certificate(chain), 16_000)));
        Ended.assertDone(false, exchange.client.state());
    }

    private static Tls12Exchange exchange(Tls12Exchange.Kind kind, VerifyMode verify, List<byte[]> chain) {
        var memory = new ClientMemory(ChangedSettings.with(kind.settings(), verify), SessionMemory.UNLIMITED);
        return new Tls12Exchange(kind, memory, null)
                .exchange(instead(Step.CERTIFICATE, server -> server.send(new Certificate(chain))));
    }
}
