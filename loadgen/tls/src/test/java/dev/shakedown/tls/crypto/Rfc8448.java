package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.SignatureScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The traces of RFC 8448, step by step. */
public record Rfc8448(List<Value> values) {
    public static final List<String> TRACES = List.of("simple-1-rtt", "resumed-0-rtt", "hello-retry-request",
            "client-authentication", "compatibility-mode");

    /** One field of one step of one side. */
    public record Value(String who, String step, String field, byte[] bytes) {}

    public static Rfc8448 read(String trace) {
        try (var in = Rfc8448.class.getResourceAsStream("/rfc8448/" + trace + ".txt")) {
            var lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
            return new Rfc8448(lines.filter(line -> !line.startsWith("#")).map(line -> line.split(" \\| "))
                    .map(part -> new Value(part[0], part[1], part[2], HexFormat.of().parseHex(part[3]))).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the first such field of either side. */
    public byte[] bytes(String step, String field) {
        return values.stream().filter(value -> value.step.equals(step) && value.field.equals(field)).findFirst()
                .orElseThrow(() -> new AssertionError(step + " has no " + field)).bytes;
    }

    /** Returns every handshake message that the trace constructs, in wire order. */
    public List<Value> messages() {
        var messages = new ArrayList<Value>();
        Value begun = null;
        for (var value : values) {
            if (value.step.startsWith("construct a")) {
                // A ClientHello gets its binders after it is constructed, so use what is sent.
                begun = value.field.equals("ClientHello") ? value : null;
                if (begun == null) {
                    messages.add(value);
                }
            } else if (begun != null && value.field.equals("payload")) {
                messages.add(new Value(begun.who, begun.step, begun.field, value.bytes));
                begun = null;
            }
        }
        return messages;
    }

    /** Returns the client's key pair in {@code group}. */
    public KeyShare clientShare(NamedGroup group) {
        var curve = group == NamedGroup.X25519 ? "x25519" : "P-256";
        var step = "create an ephemeral " + curve + " key pair";
        var scalar = bytes(step, "private key");
        try {
            var example = ((KeyShare.Generated) KeyShare.generate(group)).pair().getPublic();
            var encoded = example.getEncoded();
            var point = bytes(step, "public key");
            System.arraycopy(point, 0, encoded, encoded.length - point.length, point.length);
            var keys = KeyFactory.getInstance(group == NamedGroup.X25519 ? "X25519" : "EC");
            return new KeyShare.Generated(group, new KeyPair(keys.generatePublic(new X509EncodedKeySpec(encoded)),
                    keys.generatePrivate(group == NamedGroup.X25519
                            ? new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)
                            : new ECPrivateKeySpec(new BigInteger(1, scalar), ((ECPublicKey) example).getParams()))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a client that signs everything with the recorded signature, whose salt was random. */
    public static ClientIdentity identity(byte[] certificate, SignatureScheme scheme, byte[] signature) {
        return new ClientIdentity(List.of(certificate), null, List.of(scheme)) {
            @Override
            public byte[] sign(SignatureScheme with, byte[] content) {
                return signature;
            }
        };
    }
}
