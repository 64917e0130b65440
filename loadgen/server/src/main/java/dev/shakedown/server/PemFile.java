package dev.shakedown.server;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
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
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.encoders.DecoderException;

/**
 * Reads certificates and keys from PEM files. A file that cannot be used throws an {@link IllegalArgumentException}
 * with a sentence for the user.
 */
public final class PemFile {
    private PemFile() {}

    /**
     * Returns the certificates in a file, in its order; at least one. Anything else in it, such as their key, is
     * skipped.
     */
    public static List<X509Certificate> readChain(Path file) {
        try (var parser = new PEMParser(read("certificate", file))) {
            var converter = new JcaX509CertificateConverter();
            var chain = new ArrayList<X509Certificate>();
            for (Object part; (part = parser.readObject()) != null;) {
                switch (part) {
                    case X509CertificateHolder certificate -> chain.add(converter.getCertificate(certificate));
                    // OpenSSL's TRUSTED CERTIFICATE, with trust settings after the certificate
                    case X509TrustedCertificateBlock trusted ->
                        chain.add(converter.getCertificate(trusted.getCertificateHolder()));
                    default -> {
                    }
                }
            }
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException | PEMException _) {
            // said below
        } catch (DecoderException | IOException e) {
            throw damaged("certificate", file, e);
        }
        throw new IllegalArgumentException("certificate file " + file + " contains no PEM certificate");
    }

    /** Returns the private key in a file: PKCS #8 or a traditional form, unencrypted. */
    public static PrivateKey readKey(Path file) {
        try (var parser = new PEMParser(read("key", file))) {
            var converter = new JcaPEMKeyConverter();
            for (Object part; (part = parser.readObject()) != null;) {
                // Traditional EC files begin with the curve's parameters.
                switch (part) {
                    case PEMKeyPair pair -> {
                        // The public key may be missing (RFC 5915, 3).
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    default -> {
                    }
                }
            }
        } catch (PEMException _) {
            // said below
        } catch (DecoderException | IOException e) {
            throw damaged("key", file, e);
        }
        throw new IllegalArgumentException("key file " + file
                + " contains no unencrypted PEM private key (PKCS #8 or traditional)");
    }

    /** Returns the text of a file, without the byte order mark that some editors add; nothing if it is not text. */
    private static Reader read(String kind, Path file) {
        try {
            var text = Files.readString(file);
            return new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (MalformedInputException _) {
            return Reader.nullReader();
        } catch (IOException e) {
            throw new IllegalArgumentException(kind + " file " + file + " cannot be read", e);
        }
    }

    private static IllegalArgumentException damaged(String kind, Path file, Exception e) {
        return new IllegalArgumentException(
                kind + " file " + file
                        + " is damaged: the text after its BEGIN line is not base64, or its END line is missing",
                e);
    }
}
