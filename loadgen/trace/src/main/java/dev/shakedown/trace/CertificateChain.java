package dev.shakedown.trace;

import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.Tls13Message;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificates that one side presents, its own first.
 *
 * @param encoded the certificates in DER
 */
public record CertificateChain(List<byte[]> encoded) {
    /** Signature schemes by the JDK's names of algorithms; those of RSASSA-PSS differ only in their parameters. */
    private static final Map<String, List<Integer>> SCHEMES = Map.ofEntries(Map.entry("SHA1withRSA", List.of(0x0201)),
            Map.entry("SHA256withRSA", List.of(0x0401)), Map.entry("SHA384withRSA", List.of(0x0501)),
            Map.entry("SHA512withRSA", List.of(0x0601)), Map.entry("SHA1withECDSA", List.of(0x0203)),
            Map.entry("SHA256withECDSA", List.of(0x0403)), Map.entry("SHA384withECDSA", List.of(0x0503)),
            Map.entry("SHA512withECDSA", List.of(0x0603)), Map.entry("Ed25519", List.of(0x0807)),
            Map.entry("Ed448", List.of(0x0808)),
            Map.entry("RSASSA-PSS", List.of(0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b)));

    /** Returns the chain that the server presented; empty if it presented none. */
    public static CertificateChain of(Exchange exchange) {
        var old = exchange.message(false, Certificate.class);
        var entries = exchange.message(false, Tls13Message.Certificate.class);
        return new CertificateChain(old != null ? old.chain() : entries != null ? entries.chain() : List.of());
    }

    /** Returns the first certificate, which is the side's own; empty if there is none or it cannot be parsed. */
    Optional<X509Certificate> leaf() {
        return encoded.stream().limit(1).flatMap(CertificateChain::readable).findFirst();
    }

    /** Parses a certificate; empty if it cannot be parsed. */
    private static Stream<X509Certificate> readable(byte[] certificate) {
        try {
            return Stream.of(X509.read(certificate));
        } catch (CertificateException _) {
            return Stream.empty();
        }
    }

    /** Returns the numbers of the signature schemes with which the certificates may be signed. */
    List<Integer> signatureSchemes() {
        return encoded.stream().flatMap(CertificateChain::readable)
                .flatMap(each -> SCHEMES.getOrDefault(each.getSigAlgName(), List.of()).stream())
                .distinct().toList();
    }
}
