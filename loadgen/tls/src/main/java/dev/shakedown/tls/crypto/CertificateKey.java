package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Violation;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * The public key in a certificate, and nothing else of it. Java's reader of certificates refuses many that it finds
 * odd, in names or extensions; who verifies nothing needs the key alone.
 */
public final class CertificateKey {
    private static final int SEQUENCE = 0x30;
    private static final int OBJECT_IDENTIFIER = 0x06;
    /** The version, which the first one leaves out (RFC 5280, 4.1). */
    private static final int EXPLICIT_0 = 0xa0;
    /** Serial number, signature algorithm, issuer, validity, subject. */
    private static final int FIELDS_BEFORE_KEY = 5;
    private static final int MOST_LENGTH_BYTES = 3;

    private CertificateKey() {}

    /**
     * @param certificate in DER
     * @throws Fault when it is no certificate, or its key is of a kind that Java does not have
     */
    public static PublicKey of(byte[] certificate) throws Fault {
        byte[] info;
        String algorithm;
        try {
            info = subjectPublicKeyInfo(certificate);
            var identifier = content(content(ByteBuffer.wrap(info), SEQUENCE), SEQUENCE);
            algorithm = algorithm(bytes(content(identifier, OBJECT_IDENTIFIER)));
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            throw new Fault(Violation.CERTIFICATE_NOT_DER);
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info));
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new Fault(Refusal.KEY_UNKNOWN_TO_JAVA);
        }
    }

    private static byte[] subjectPublicKeyInfo(byte[] certificate) {
        var whole = ByteBuffer.wrap(certificate);
        var fields = content(content(whole, SEQUENCE), SEQUENCE);
        if (whole.hasRemaining()) {
            throw new IllegalArgumentException();
        }
        if (nextTag(fields) == EXPLICIT_0) {
            content(fields, EXPLICIT_0);
        }
        for (var i = 0; i < FIELDS_BEFORE_KEY; i++) {
            content(fields, nextTag(fields));
        }
        var start = fields.position();
        content(fields, SEQUENCE);
        return bytes(fields.slice(start, fields.position() - start));
    }

    /** The tag of the next value, of which nothing is taken. */
    private static int nextTag(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        return Byte.toUnsignedInt(in.get(in.position()));
    }

    /** The content of the next value, which must have this tag; {@code in} goes on behind it. */
    private static ByteBuffer content(ByteBuffer in, int tag) {
        if (!in.hasRemaining() || Byte.toUnsignedInt(in.get()) != tag) {
            throw new IllegalArgumentException();
        }
        var length = Byte.toUnsignedInt(in.get());
        if (length >= 0x80) {
            var bytes = length - 0x80;
            if (bytes == 0 || bytes > MOST_LENGTH_BYTES) {
                throw new IllegalArgumentException();
            }
            length = 0;
            for (var i = 0; i < bytes; i++) {
                length = length << 8 | Byte.toUnsignedInt(in.get());
            }
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return content;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Java's name of a key's kind; the object identifier in hexadecimal where it is none of those that TLS has. */
    private static String algorithm(byte[] identifier) {
        var hex = HexFormat.of().formatHex(identifier);
        return switch (hex) {
            case "2a864886f70d010101" -> "RSA";
            case "2a864886f70d01010a" -> "RSASSA-PSS";
            case "2a8648ce3d0201" -> "EC";
            case "2b6570", "2b6571" -> "EdDSA";
            case "2a8648ce380401" -> "DSA";
            default -> hex;
        };
    }
}
