package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.honest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.SignatureScheme;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every TLS 1.3 suite, group and kind of certificate. */
class Odd13ChoiceTest {
    private static final List<CipherSuite> SUITES = Stream.of(CipherSuite.values()).filter(CipherSuite::isTls13)
            .toList();

    @TestFactory
    Stream<DynamicTest> everySuiteInEveryGroup() {
        return SUITES.stream().flatMap(suite -> Stream.of(NamedGroup.values())
                .flatMap(group -> Stream.of(KeyShareMode.values()).map(mode -> DynamicTest.dynamicTest(
                        suite + ", " + group + ", " + mode, () -> {
                            var settings = ChangedSettings.suites(ChangedSettings
                                    .with(ChangedSettings.groups(Kind.FULL.settings(), group), mode), suite);
                            var full = new Tls13Exchange(Kind.FULL, settings, null);
                            full.server.suite = suite;
                            full.exchange(honest()).assertDone().assertUsable();
                            assertEquals(group, full.client.group());
                            var resumed = full.next(Kind.RESUMED);
                            resumed.server.suite = suite;
                            resumed.exchange(honest()).assertDone().assertUsable();
                            assertEquals(group, resumed.client.group());
                        }))));
    }

    @TestFactory
    Stream<DynamicTest> everyGroupAskedForInsteadOfAnother() {
        return Stream.of(NamedGroup.values()).flatMap(first -> Stream.of(NamedGroup.values())
                .filter(other -> other != first).map(other -> DynamicTest.dynamicTest(first + " to " + other, () -> {
                    for (var kind : List.of(Kind.RETRIED, Kind.RESUMED_RETRIED, Kind.EARLY_RETRIED)) {
                        var exchange = new Tls13Exchange(kind, ChangedSettings.groups(kind.settings(), first, other),
                                kind.session());
                        exchange.server.retryGroup = other;
                        exchange.exchange(honest()).assertDone().assertUsable();
                        assertEquals(other, exchange.client.group());
                    }
                })));
    }

    /** The schemes that a server authenticates with. */
    @ParameterizedTest
    @CsvSource({"ECDSA, ECDSA_SECP256R1_SHA256", "ED25519, ED25519", "RSA, RSA_PSS_RSAE_SHA256",
        "RSA, RSA_PSS_RSAE_SHA384", "RSA, RSA_PSS_RSAE_SHA512", "P384, ECDSA_SECP384R1_SHA384"})
    void everyKindOfServerIsVerified(TestIdentity identity, SignatureScheme scheme) {
        for (var mode : VerifyMode.values()) {
            var exchange = new Tls13Exchange(Kind.VERIFIED, ChangedSettings.with(Kind.VERIFIED.settings(), mode), null);
            exchange.server.identity = identity;
            exchange.exchange(Script.instead(Step.CERTIFICATE_VERIFY,
                    server -> server.send(server.proof(identity, scheme)))).assertDone().assertUsable();
        }
    }

    /** The scheme that a client authenticates with: the first of the server's that its key supports in TLS 1.3. */
    @ParameterizedTest
    @CsvSource({"RSA, RSA_PSS_RSAE_SHA384, RSA_PKCS1_SHA256 RSA_PSS_RSAE_SHA384 RSA_PSS_RSAE_SHA256",
        "RSA, RSA_PSS_RSAE_SHA512, ED25519 RSA_PSS_RSAE_SHA512 RSA_PKCS1_SHA512",
        "RSA, RSA_PSS_RSAE_SHA256, RSA_PSS_RSAE_SHA256",
        "ECDSA, ECDSA_SECP256R1_SHA256, ECDSA_SHA1 ECDSA_SECP384R1_SHA384 ECDSA_SECP256R1_SHA256",
        "P384, ECDSA_SECP384R1_SHA384, ECDSA_SECP256R1_SHA256 ECDSA_SECP384R1_SHA384",
        "ED25519, ED25519, RSA_PSS_RSAE_SHA256 ED25519"})
    void aClientShowsItsCertificate(TestIdentity identity, SignatureScheme due, String accepted) {
        var exchange = asked(identity, accepted);
        exchange.exchange(honest()).assertDone().assertUsable();
        assertEquals(due, exchange.server.clientScheme());
        var shown = exchange.server.clientCertificate().chain();
        assertEquals(1, shown.size());
        assertArrayEquals(identity.chain().getFirst(), shown.getFirst());
    }

    /** RFC 8446, 4.4.2: a client without a certificate sends an empty chain and no CertificateVerify. */
    @ParameterizedTest
    @CsvSource({", RSA_PSS_RSAE_SHA256 ECDSA_SECP256R1_SHA256 ED25519", "RSA, ECDSA_SECP256R1_SHA256 ED25519",
        "RSA, RSA_PKCS1_SHA256 RSA_PKCS1_SHA1", "ECDSA, ECDSA_SECP384R1_SHA384 ECDSA_SHA1",
        "P384, ECDSA_SECP256R1_SHA256", "ED25519, RSA_PSS_RSAE_SHA256"})
    void aClientWithoutASuitableCertificateShowsNone(TestIdentity identity, String accepted) {
        var exchange = asked(identity, accepted);
        exchange.exchange(before(Step.AFTERWARDS,
                server -> assertEquals(List.of(), server.clientCertificate().entries())));
        assertEquals(List.of("ClientHello", "Certificate", "Finished"), exchange.server.received());
        assertEquals(CertificateUse.NONE_FITS, exchange.client.certificateUse());
        Ended.assertDone(false, exchange.client.state());
        exchange.assertUsable();
    }

    @ParameterizedTest
    @EnumSource(KeyShareMode.class)
    void aCertificateIsPresentedAfterAHelloRetryRequest(KeyShareMode mode) {
        var settings = ChangedSettings.with(Kind.ASKED.settings(), mode);
        var exchange = new Tls13Exchange(Kind.ASKED, settings, null);
        exchange.server.retryGroup = NamedGroup.SECP256R1;
        exchange.exchange((step, server) -> {
            if (step == Step.SERVER_HELLO) {
                server.honest(Step.HELLO_RETRY_REQUEST);
            }
            server.honest(step);
        });
        assertEquals(List.of("ClientHello", "ClientHello", "Certificate", "CertificateVerify", "Finished"),
                exchange.server.received());
        assertEquals(CertificateUse.SHOWN, exchange.client.certificateUse());
        exchange.server.record(ContentType.APPLICATION_DATA, 'x');
        exchange.assertUsable();
    }

    private static Tls13Exchange asked(TestIdentity identity, String accepted) {
        var exchange = new Tls13Exchange(Kind.ASKED, ChangedSettings.with(Kind.ASKED.settings(),
                identity == null ? null : identity.client()), null);
        exchange.server.request = ScriptedServer13.request(new byte[0], Arrays.stream(accepted.split(" "))
                .map(SignatureScheme::valueOf).toArray(SignatureScheme[]::new));
        return exchange;
    }
}
