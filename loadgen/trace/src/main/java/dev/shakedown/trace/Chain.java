package dev.shakedown.trace;

import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.Tls13Message;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server's certificates, as far as they can be read. */
record Chain(List<X509Certificate> certificates) {
    /** Signature schemes by the JDK's names; those of RSASSA-PSS are told apart by their parameters only. */
    private static final Map<String, List<Integer>> SCHEMES = Map.ofEntries(Map.entry("SHA1withRSA", List.of(0x0201)),
            Map.entry("SHA256withRSA", List.of(0x0401)), Map.entry("SHA384withRSA", List.of(0x0501)),
            Map.entry("SHA512withRSA", List.of(0x0601)), Map.entry("SHA1withECDSA", List.of(0x0203)),
            Map.entry("SHA256withECDSA", List.of(0x0403)), Map.entry("SHA384withECDSA", List.of(0x0503)),
            Map.entry("SHA512withECDSA", List.of(0x0603)), Map.entry("Ed25519", List.of(0x0807)),
            Map.entry("Ed448", List.of(0x0808)),
            Map.entry("RSASSA-PSS", List.of(0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b)));

    /** The one that the server showed; empty if it showed none. */
    static Chain of(Exchange exchange) {
        var old = exchange.message(false, Certificate.class);
        var entries = exchange.message(false, Tls13Message.Certificate.class);
        var encoded = old != null ? old.chain() : entries != null ? entries.chain() : List.<byte[]>of();
        return of(encoded);
    }

    static Chain of(List<byte[]> encoded) {
        var certificates = new ArrayList<X509Certificate>();
        for (var each : encoded) {
            try {
                certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(each)));
            } catch (CertificateException _) {
                // odd ones tell nothing
            }
        }
        return new Chain(certificates);
    }

    /** The server's own. */
    Optional<X509Certificate> leaf() {
        return certificates.stream().findFirst();
    }

    /** Numbers of those with which its certificates are signed. */
    List<Integer> signatureSchemes() {
        return certificates.stream().flatMap(each -> SCHEMES.getOrDefault(each.getSigAlgName(), List.of()).stream())
                .distinct().toList();
    }
}
