package dev.shakedown.cli;

import dev.shakedown.server.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that chains are verified against. */
final class Trust {
    private Trust() {}

    /**
     * Returns a trust manager.
     *
     * @param ca     file of PEM certificates to trust; {@code null} for none
     * @param others certificates to trust if there is no {@code ca}; if empty, those that Java trusts
     * @throws IllegalArgumentException with a sentence for the user
     */
    static X509TrustManager of(@Nullable Path ca, Collection<? extends Certificate> others) {
        try {
            KeyStore store = null;
            if (ca != null || !others.isEmpty()) {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (var certificate : ca == null ? others : read(ca)) {
                    store.setCertificateEntry("ca" + store.size(), certificate);
                }
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("trusted certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> read(Path ca) {
        try (var in = Files.newInputStream(ca)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException _) {
            // perhaps because of other text around the certificates
        } catch (IOException e) {
            throw new IllegalArgumentException("--ca " + ca + " cannot be read; name a file of PEM certificates", e);
        }
        try {
            return PemFile.readChain(ca);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--ca " + ca + " is not a file of PEM certificates: " + e.getMessage(),
                    e);
        }
    }
}
