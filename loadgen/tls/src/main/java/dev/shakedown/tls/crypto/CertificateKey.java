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
 * Reads only the public key from a certificate. Java's certificate parser rejects many certificates for unusual names
 * or extensions, but without verification only the key is needed.
 */
public final class CertificateKey {
    private static final int SEQUENCE = 0x30;
    private static final int OBJECT_IDENTIFIER = 0x06;
    /** The tag of the version field, which version 1 omits (RFC 5280, 4.1). */
    private static final int EXPLICIT_0 = 0xa0;
    /** Fields between the version and the key: serial number, signature algorithm, issuer, validity, subject. */
    private static final int FIELDS_BEFORE_KEY = 5;
    private static final int MAX_LENGTH_BYTES = 3;

    private CertificateKey() {}

    /**
     * @param certificate in DER
     * @throws Fault if it is not a certificate, or Java does not support its kind of key
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

    /** Returns the tag of the next value without consuming it. */
    private static int nextTag(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        return Byte.toUnsignedInt(in.get(in.position()));
    }

    /** Returns the content of the next value, which must have this tag, and moves {@code in} past it. */
    private static ByteBuffer content(ByteBuffer in, int tag) {
        if (!in.hasRemaining() || Byte.toUnsignedInt(in.get()) != tag) {
            throw new IllegalArgumentException();
        }
        var length = Byte.toUnsignedInt(in.get());
        if (length >= 0x80) {
            var bytes = length - 0x80;
            if (bytes == 0 || bytes > MAX_LENGTH_BYTES) {
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

    /** Returns Java's name for a key algorithm, or the object identifier in hexadecimal if TLS does not use it. */
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
