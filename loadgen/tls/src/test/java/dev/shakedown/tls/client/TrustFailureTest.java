package dev.shakedown.tls.client;

import static dev.shakedown.tls.wire.AlertDescription.UNKNOWN_CA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Refusal;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reason for which the client refuses a chain; an authority's only if the authority is at fault. */
class TrustFailureTest {
    private static final X509Bundle ROOT = authority(made -> made, null);
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    record Row(Refusal reason, List<X509Bundle> chain) {}

    static Stream<Row> rows() throws Exception {
        var noAuthority = leaf(made -> made, ROOT);
        var mayNotSign = authority(made -> made.setKeyUsage(true, KeyUsage.digitalSignature), ROOT);
        var lastOne = authority(made -> made.setPathLengthConstraint(OptionalInt.of(0)), ROOT);
        var tooMany = authority(made -> made, lastOne);
        var lapsed = authority(made -> made.notBefore(LONG_AGO).notAfter(LONG_AGO.plusSeconds(1)), ROOT);
        var other = authority(made -> made, null);
        return Stream.of(
                new Row(Refusal.CERTIFICATE_NOT_FOR_SERVERS,
                        List.of(leaf(CertificateBuilder::addExtendedKeyUsageClientAuth, ROOT))),
                new Row(Refusal.CERTIFICATE_NOT_FOR_SERVERS,
                        List.of(leaf(made -> made.setKeyUsage(true, KeyUsage.cRLSign), ROOT))),
                new Row(Refusal.CERTIFICATE_OF_NO_AUTHORITY, List.of(leaf(made -> made, noAuthority), noAuthority)),
                new Row(Refusal.CERTIFICATE_WITHOUT_KEY_CERT_SIGN, List.of(leaf(made -> made, mayNotSign), mayNotSign)),
                new Row(Refusal.CERTIFICATE_PATH_TOO_LONG,
                        List.of(leaf(made -> made, tooMany), tooMany, lastOne)),
                new Row(Refusal.CERTIFICATE_TOO_WEAK, List.of(leaf(made -> made.publicKey(weak()), ROOT))),
                new Row(Refusal.CERTIFICATE_EXPIRED,
                        List.of(leaf(made -> made.notBefore(LONG_AGO).notAfter(LONG_AGO.plusSeconds(1)), ROOT))),
                new Row(Refusal.CERTIFICATE_EXPIRED, List.of(leaf(made -> made, lapsed), lapsed)),
                new Row(Refusal.CERTIFICATE_UNTRUSTED, List.of(leaf(made -> made, other))),
                new Row(Refusal.CERTIFICATE_UNTRUSTED, List.of(leaf(made -> made, other), other)),
                // The intermediate authority is not sent.
                new Row(Refusal.CERTIFICATE_UNTRUSTED, List.of(leaf(made -> made, lastOne))),
                new Row(Refusal.CERTIFICATE_UNTRUSTED,
                        List.of(leaf(CertificateBuilder::addExtendedKeyUsageClientAuth, other))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theRefusalIsOfTheReason(Row row) throws Exception {
        var fault = assertThrows(Fault.class,
                () -> identity(row.chain).verifyChain(TestIdentity.trust(ROOT), "ECDHE_ECDSA"));
        assertEquals(row.reason, fault.rule(), fault::getMessage);
        assertEquals(row.reason.alert() == UNKNOWN_CA, fault.getMessage().contains("is not trusted"),
                fault::getMessage);
    }

    @Test
    void whatIsAsItShouldBeIsTrusted() throws Exception {
        var between = authority(made -> made, ROOT);
        identity(List.of(leaf(CertificateBuilder::addExtendedKeyUsageServerAuth, between), between))
                .verifyChain(TestIdentity.trust(ROOT), "ECDHE_ECDSA");
    }

    private static ServerIdentity identity(List<X509Bundle> chain) throws Exception {
        var encoded = new ArrayList<byte[]>();
        for (var bundle : chain) {
            encoded.add(bundle.getCertificate().getEncoded());
        }
        return new ServerIdentity(encoded);
    }

    private static X509Bundle leaf(UnaryOperator<CertificateBuilder> shape, X509Bundle issuer) throws Exception {
        return shape.apply(new CertificateBuilder().ecp256().subject("CN=localhost")).buildIssuedBy(issuer);
    }

    private static X509Bundle authority(UnaryOperator<CertificateBuilder> shape, X509Bundle issuer) {
        try {
            var made = shape.apply(new CertificateBuilder().ecp256().subject("CN=Authority " + System.nanoTime())
                    .setIsCertificateAuthority(true));
            return issuer == null ? made.buildSelfSigned() : made.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey weak() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(512);
            return generator.generateKeyPair().getPublic();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
