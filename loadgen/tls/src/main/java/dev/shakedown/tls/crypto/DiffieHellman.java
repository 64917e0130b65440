package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Violation;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A client's key pair in a finite-field group that the server has chosen (RFC 5246, 8.1.2).
 *
 * @param pair {@code null} for private key 1: its public value is the generator and the shared secret is the server's
 *             public value, so the client computes nothing
 */
public record DiffieHellman(DHParameterSpec group, @Nullable KeyPair pair) {
    /** The minimum length of the prime, in bits. */
    private static final int MIN_BITS = 512;

    /**
     * Returns the group that the server specifies.
     *
     * @throws Fault if it is too small or invalid
     */
    public static DHParameterSpec group(byte[] prime, byte[] generator) throws Fault {
        var p = new BigInteger(1, prime);
        var g = new BigInteger(1, generator);
        if (p.bitLength() < MIN_BITS) {
            throw new Fault(Refusal.DH_GROUP_TOO_SMALL, p.bitLength(), MIN_BITS);
        }
        if (!p.testBit(0) || !isWithin(g, p)) {
            throw new Fault(Violation.DH_GROUP_INVALID);
        }
        return new DHParameterSpec(p, g);
    }

    /** Returns the pair with private key 1. */
    public static DiffieHellman basePoint(DHParameterSpec group) {
        return new DiffieHellman(group, null);
    }

    /**
     * Generates a new pair.
     *
     * @throws Fault if Java cannot generate one in this group: it supports sizes from 512 to 8192 bits that are
     *               multiples of 64
     */
    public static DiffieHellman generate(DHParameterSpec group) throws Fault {
        try {
            var generator = KeyPairGenerator.getInstance("DiffieHellman");
            generator.initialize(group);
            return new DiffieHellman(group, generator.generateKeyPair());
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new Fault(Refusal.DH_GROUP_UNUSABLE, group.getP().bitLength());
        }
    }

    /** Whether this pair is in the group {@code other}. */
    public boolean isIn(DHParameterSpec other) {
        return group.getP().equals(other.getP()) && group.getG().equals(other.getG());
    }

    /** Returns the public value as encoded on the wire. */
    public byte[] publicValue() {
        return unsigned(pair == null ? group.getG() : ((DHPublicKey) pair.getPublic()).getY());
    }

    /**
     * Returns the shared secret, without leading zeros.
     *
     * @throws Fault if the server's public value is not in the group, or gives the secret away
     */
    public PremasterSecret agree(byte[] serverPublic) throws Fault {
        var y = new BigInteger(1, serverPublic);
        if (!isWithin(y, group.getP())) {
            throw new Fault(Violation.DH_VALUE_OUT_OF_RANGE);
        }
        if (pair == null) {
            return new PremasterSecret(unsigned(y));
        }
        try {
            var agreement = KeyAgreement.getInstance("DiffieHellman");
            agreement.init(pair.getPrivate());
            agreement.doPhase(KeyFactory.getInstance("DiffieHellman")
                    .generatePublic(new DHPublicKeySpec(y, group.getP(), group.getG())), true);
            return new PremasterSecret(unsigned(new BigInteger(1, agreement.generateSecret())));
        } catch (GeneralSecurityException | RuntimeException _) {
            // Java checks the group and the value again, and rejects the secrets 1 and p - 1, which anybody can guess.
            throw new Fault(Violation.DH_VALUE_USELESS);
        }
    }

    private static boolean isWithin(BigInteger value, BigInteger prime) {
        return value.compareTo(BigInteger.ONE) > 0 && value.compareTo(prime.subtract(BigInteger.ONE)) < 0;
    }

    private static byte[] unsigned(BigInteger value) {
        var bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
