package dev.shakedown.target;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads certificates and keys as users have them. What cannot be used ends in an exception with a sentence for the user. */
public final class PemFile {
    private PemFile() {}

    /** The certificates in a file, in its order; at least one. What else is in it, such as their key, is passed over. */
    public static List<X509Certificate> readChain(Path file) {
        try (var parser = new PEMParser(Files.newBufferedReader(file))) {
            var converter = new JcaX509CertificateConverter();
            var chain = new ArrayList<X509Certificate>();
            for (Object part; (part = parser.readObject()) != null;) {
                if (part instanceof X509CertificateHolder certificate) {
                    chain.add(converter.getCertificate(certificate));
                }
            }
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException | PEMException | MalformedInputException _) {
            // said below
        } catch (IOException e) {
            throw new IllegalArgumentException("certificate file " + file + " cannot be read", e);
        }
        throw new IllegalArgumentException("certificate file " + file + " holds no PEM certificate");
    }

    /** The private key in a file: PKCS #8 or a traditional form, unencrypted. */
    public static PrivateKey readKey(Path file) {
        try (var parser = new PEMParser(Files.newBufferedReader(file))) {
            var converter = new JcaPEMKeyConverter();
            for (Object part; (part = parser.readObject()) != null;) {
                // Traditional EC files begin with the curve's parameters.
                switch (part) {
                    case PEMKeyPair pair -> {
                        // Its public half may be missing (RFC 5915, 3).
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    default -> {
                    }
                }
            }
        } catch (PEMException | MalformedInputException _) {
            // said below
        } catch (IOException e) {
            throw new IllegalArgumentException("key file " + file + " cannot be read", e);
        }
        throw new IllegalArgumentException("key file " + file
                + " holds no unencrypted PEM private key (PKCS #8 or traditional)");
    }
}
