package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.Violation;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KEM;
import javax.crypto.KeyAgreement;

/** A client's key pair in one group, which agrees on a secret with a server's public value. */
public sealed interface KeyShare {
    NamedGroup group();

    /** Returns the public value as encoded on the wire. */
    byte[] publicValue();

    /**
     * Returns the shared secret.
     *
     * @throws Fault if the server's public value is not valid in the group
     */
    PremasterSecret agree(byte[] serverPublic) throws Fault;

    /**
     * Checks what {@link #agree} may omit, in case the two sides derived different keys: whether the server's public
     * value is on the curve (RFC 8446, 4.2.8.2).
     *
     * @throws Fault if it is not
     */
    default void check(byte[] serverPublic) throws Fault {
        // most implementations check it when they agree
    }

    /**
     * Returns the pair with private key 1: its public value is the group's generator, and the shared secret is the
     * server's own public value, so the client computes nothing. The server computes as always.
     *
     * <p>x25519 clamps private keys, so there is no key 1; but the server multiplies the client's public value by its
     * private key, and for the generator this yields the server's own public value all the same (RFC 7748, 6.1).
     *
     * <p>ML-KEM has no such key, so the ML-KEM half of the hybrid group is newly generated.
     */
    static KeyShare basePoint(NamedGroup group) {
        return group == NamedGroup.X25519MLKEM768
                ? Hybrid.with(basePoint(NamedGroup.X25519))
                : new BasePoint(group, generator(group));
    }

    /** Generates a new pair. */
    static KeyShare generate(NamedGroup group) {
        try {
            return switch (group) {
                case X25519 -> new Generated(group, KeyPairGenerator.getInstance("X25519").generateKeyPair());
                case SECP256R1, SECP384R1 -> {
                    var generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec(group.label()));
                    yield new Generated(group, generator.generateKeyPair());
                }
                case X25519MLKEM768 -> Hybrid.with(generate(NamedGroup.X25519));
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java does not support " + group.label(), e);
        }
    }

    record BasePoint(NamedGroup group, byte[] publicValue) implements KeyShare {
        @Override
        public PremasterSecret agree(byte[] serverPublic) throws Fault {
            checkForm(group, serverPublic);
            return new PremasterSecret(group == NamedGroup.X25519
                    ? Curve25519.reduced(serverPublic)
                    // RFC 8422, 5.10: the x coordinate alone.
                    : Arrays.copyOfRange(serverPublic, 1, 1 + serverPublic.length / 2));
        }

        @Override
        public void check(byte[] serverPublic) throws Fault {
            if (group != NamedGroup.X25519 && !isOnCurve(serverPublic)) {
                throw new Fault(Violation.POINT_NOT_ON_CURVE, group.label());
            }
        }

        /** Whether the point satisfies y² = x³ + ax + b (SEC 1, 2.2.1). */
        private boolean isOnCurve(byte[] point) {
            var curve = parameters(group).getCurve();
            var p = ((ECFieldFp) curve.getField()).getP();
            var length = point.length / 2;
            var x = new BigInteger(1, point, 1, length);
            var y = new BigInteger(1, point, 1 + length, length);
            var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
            return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).subtract(right).mod(p).signum() == 0;
        }
    }

    /** A key pair that the JDK generated. */
    record Generated(NamedGroup group, KeyPair pair) implements KeyShare {
        @Override
        public byte[] publicValue() {
            // A SubjectPublicKeyInfo ends with the public value.
            var encoded = pair.getPublic().getEncoded();
            return Arrays.copyOfRange(encoded, encoded.length - group.publicLength(), encoded.length);
        }

        @Override
        public PremasterSecret agree(byte[] serverPublic) throws Fault {
            checkForm(group, serverPublic);
            var encoded = pair.getPublic().getEncoded();
            System.arraycopy(serverPublic, 0, encoded, encoded.length - serverPublic.length, serverPublic.length);
            try {
                var montgomery = group == NamedGroup.X25519;
                var key = KeyFactory.getInstance(montgomery ? "X25519" : "EC")
                        .generatePublic(new X509EncodedKeySpec(encoded));
                var agreement = KeyAgreement.getInstance(montgomery ? "X25519" : "ECDH");
                agreement.init(pair.getPrivate());
                agreement.doPhase(key, true);
                return new PremasterSecret(agreement.generateSecret());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java does not support " + group.label(), e);
            } catch (GeneralSecurityException | RuntimeException _) {
                // Providers throw different exceptions for invalid points and for points of small order.
                throw invalidIn(group);
            }
        }
    }

    /**
     * A pair of ML-KEM-768 (FIPS 203) and x25519, concatenated in this order on the wire and in the secret.
     *
     * @param pair the JDK's ML-KEM key pair, to whose public half the server encapsulates
     */
    record Hybrid(KeyPair pair, KeyShare classical) implements KeyShare {
        private static final int ENCAPSULATION_KEY = 1184;
        private static final int CIPHERTEXT = 1088;

        private static Hybrid with(KeyShare classical) {
            try {
                return new Hybrid(KeyPairGenerator.getInstance("ML-KEM-768").generateKeyPair(), classical);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java does not support ML-KEM-768", e);
            }
        }

        @Override
        public NamedGroup group() {
            return NamedGroup.X25519MLKEM768;
        }

        @Override
        public byte[] publicValue() {
            var encoded = pair.getPublic().getEncoded();
            var key = Arrays.copyOfRange(encoded, encoded.length - ENCAPSULATION_KEY, encoded.length);
            return joined(key, classical.publicValue());
        }

        @Override
        public PremasterSecret agree(byte[] serverPublic) throws Fault {
            checkForm(group(), serverPublic);
            var ciphertext = Arrays.copyOf(serverPublic, CIPHERTEXT);
            var point = Arrays.copyOfRange(serverPublic, CIPHERTEXT, serverPublic.length);
            try {
                var decapsulated = KEM.getInstance("ML-KEM").newDecapsulator(pair.getPrivate()).decapsulate(ciphertext);
                return new PremasterSecret(joined(decapsulated.getEncoded(), classical.agree(point).bytes()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java does not support ML-KEM", e);
            } catch (Fault | GeneralSecurityException | RuntimeException _) {
                throw invalidIn(group());
            }
        }

        @Override
        public void check(byte[] serverPublic) throws Fault {
            classical.check(Arrays.copyOfRange(serverPublic, CIPHERTEXT, serverPublic.length));
        }

        private static byte[] joined(byte[] first, byte[] second) {
            var both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }

    private static byte[] generator(NamedGroup group) {
        if (group == NamedGroup.X25519) {
            var basePoint = new byte[group.publicLength()];
            basePoint[0] = 9;
            return basePoint;
        }
        var point = parameters(group).getGenerator();
        var encoded = new byte[group.publicLength()];
        encoded[0] = 4;
        coordinate(point.getAffineX(), encoded, encoded.length / 2);
        coordinate(point.getAffineY(), encoded, encoded.length - 1);
        return encoded;
    }

    private static ECParameterSpec parameters(NamedGroup group) {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(group.label()));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java does not support " + group.label(), e);
        }
    }

    /** Writes {@code value} big-endian with its last byte at {@code last}. */
    private static void coordinate(BigInteger value, byte[] into, int last) {
        var bytes = value.toByteArray();
        var sign = bytes[0] == 0 ? 1 : 0;
        System.arraycopy(bytes, sign, into, last - (bytes.length - sign) + 1, bytes.length - sign);
    }

    private static void checkForm(NamedGroup group, byte[] value) throws Fault {
        var uncompressed = group == NamedGroup.SECP256R1 || group == NamedGroup.SECP384R1;
        if (value.length != group.publicLength() || uncompressed && value[0] != 4) {
            throw invalidIn(group);
        }
        if (group == NamedGroup.X25519 && Curve25519.isOfSmallOrder(value)) {
            throw invalidIn(group);
        }
    }

    private static Fault invalidIn(NamedGroup group) {
        return new Fault(Violation.PUBLIC_VALUE_INVALID, group.label());
    }
}
