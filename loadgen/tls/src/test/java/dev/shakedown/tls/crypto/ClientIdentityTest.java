package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's key signs only with schemes that fit its size. */
class ClientIdentityTest {
    @ParameterizedTest
    @CsvSource({"512, RSA_PKCS1_SHA256", "520, RSA_PKCS1_SHA256", "528, RSA_PSS_RSAE_SHA256 RSA_PKCS1_SHA256",
        "1024, RSA_PSS_RSAE_SHA256 RSA_PSS_RSAE_SHA384 RSA_PKCS1_SHA256 RSA_PKCS1_SHA384 RSA_PKCS1_SHA512",
        "2048, RSA_PSS_RSAE_SHA256 RSA_PSS_RSAE_SHA384 RSA_PSS_RSAE_SHA512 RSA_PKCS1_SHA256 RSA_PKCS1_SHA384"
                + " RSA_PKCS1_SHA512"})
    void aKeyOfRsaSignsWithWhatItHasRoomFor(int bits, String schemes) throws Exception {
        var bundle = rsa(bits);
        var identity = ClientIdentity.of(List.of(bundle.getCertificate()), bundle.getKeyPair().getPrivate());
        var able = Arrays.stream(SignatureScheme.values()).filter(SignatureScheme::isRsa)
                .filter(scheme -> identity.choose(new int[]{scheme.id()}, false) == scheme).toList();
        assertEquals(schemes, able.stream().map(Enum::name).collect(Collectors.joining(" ")));
        for (var scheme : able) {
            HandshakeSignature.verify(scheme, bundle.getCertificate().getPublicKey(),
                    identity.sign(scheme, new byte[]{2}), new byte[]{2});
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        var one = rsa(1024);
        var other = rsa(1024);
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> ClientIdentity.of(List.of(one.getCertificate()), other.getKeyPair().getPrivate()));
        assertTrue(refusal.getMessage().contains("does not belong"), refusal::getMessage);
    }

    private static X509Bundle rsa(int bits) throws Exception {
        var issuer = new CertificateBuilder().ecp256().subject("CN=issuer").setIsCertificateAuthority(true)
                .buildSelfSigned();
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return new CertificateBuilder().keyPair(generator.generateKeyPair()).subject("CN=client").buildIssuedBy(issuer);
    }
}
