package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.Violation;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.agreement.X25519Agreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kinds of key share against a server that computes with Bouncy Castle. */
class KeyShareTest {
    private static final int REPEATS = 20;

    /** A server's key pair, and what it agrees on with a client's public value. */
    interface Server {
        byte[] publicValue();

        byte[] agree(byte[] clientPublic);

        static Server in(NamedGroup group) {
            return switch (group) {
                case X25519 -> montgomery();
                case SECP256R1, SECP384R1 -> weierstrass(group);
                case X25519MLKEM768 -> new Hybrid(montgomery());
            };
        }

        private static Montgomery montgomery() {
            return new Montgomery(new X25519PrivateKeyParameters(new SecureRandom()));
        }

        private static Server weierstrass(NamedGroup group) {
            var domain = domain(group);
            return new Weierstrass(domain, BigIntegers.createRandomInRange(BigInteger.TWO,
                    domain.getN().subtract(BigInteger.ONE), new SecureRandom()));
        }
    }

    record Montgomery(X25519PrivateKeyParameters key) implements Server {
        @Override
        public byte[] publicValue() {
            return key.generatePublicKey().getEncoded();
        }

        @Override
        public byte[] agree(byte[] clientPublic) {
            var agreement = new X25519Agreement();
            agreement.init(key);
            var secret = new byte[agreement.getAgreementSize()];
            agreement.calculateAgreement(new X25519PublicKeyParameters(clientPublic), secret, 0);
            return secret;
        }
    }

    record Weierstrass(ECDomainParameters domain, BigInteger key) implements Server {
        @Override
        public byte[] publicValue() {
            return domain.getG().multiply(key).getEncoded(false);
        }

        @Override
        public byte[] agree(byte[] clientPublic) {
            var agreement = new ECDHBasicAgreement();
            agreement.init(new ECPrivateKeyParameters(key, domain));
            var point = domain.getCurve().decodePoint(clientPublic);
            return BigIntegers.asUnsignedByteArray(agreement.getFieldSize(),
                    agreement.calculateAgreement(new ECPublicKeyParameters(point, domain)));
        }
    }

    /** ML-KEM's public value depends on what the client sent, so it is known only once the server has agreed. */
    static final class Hybrid implements Server {
        private final Montgomery classical;
        private byte[] encapsulation = new byte[1088];

        Hybrid(Montgomery classical) {
            this.classical = classical;
        }

        @Override
        public byte[] publicValue() {
            return org.bouncycastle.util.Arrays.concatenate(encapsulation, classical.publicValue());
        }

        @Override
        public byte[] agree(byte[] clientPublic) {
            var key = new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768,
                    Arrays.copyOf(clientPublic, clientPublic.length - 32));
            var encapsulated = new MLKEMGenerator(new SecureRandom()).generateEncapsulated(key);
            encapsulation = encapsulated.getEncapsulation();
            return org.bouncycastle.util.Arrays.concatenate(encapsulated.getSecret(), classical.agree(
                    Arrays.copyOfRange(clientPublic, clientPublic.length - 32, clientPublic.length)));
        }
    }

    /** Returns the length of a client's public value, in bytes. */
    private static int clientLength(NamedGroup group) {
        return group == NamedGroup.X25519MLKEM768 ? 1184 + 32 : group.publicLength();
    }

    @ParameterizedTest
    @EnumSource
    void basePointAgreesWithAnyServer(NamedGroup group) throws Fault {
        var share = KeyShare.basePoint(group);
        assertEquals(clientLength(group), share.publicValue().length);
        for (var i = 0; i < REPEATS; i++) {
            var server = Server.in(group);
            assertArrayEquals(server.agree(share.publicValue()), share.agree(server.publicValue()).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void generatedPairAgreesWithAnyServer(NamedGroup group) throws Fault {
        for (var i = 0; i < REPEATS; i++) {
            var share = KeyShare.generate(group);
            assertEquals(clientLength(group), share.publicValue().length);
            var server = Server.in(group);
            assertArrayEquals(server.agree(share.publicValue()), share.agree(server.publicValue()).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void generatedPairsDiffer(NamedGroup group) {
        var first = KeyShare.generate(group).publicValue();
        assertTrue(!Arrays.equals(first, KeyShare.generate(group).publicValue()));
    }

    static Stream<Arguments> malformed() {
        return Arrays.stream(NamedGroup.values()).flatMap(group -> {
            var valid = Server.in(group).publicValue();
            var always = Stream.of(
                    Arguments.of("empty", group, new byte[0]),
                    Arguments.of("one byte short", group, Arrays.copyOf(valid, valid.length - 1)),
                    Arguments.of("one byte long", group, Arrays.copyOf(valid, valid.length + 1)),
                    Arguments.of("zero", group, new byte[valid.length]));
            return group != NamedGroup.SECP256R1 && group != NamedGroup.SECP384R1
                    ? always
                    : Stream.concat(always, Stream.of(
                            Arguments.of("at infinity", group, new byte[1]),
                            Arguments.of("compressed", group, Arrays.copyOf(with(valid, 0, 2), 1 + valid.length / 2)),
                            Arguments.of("compressed, full length", group, with(valid, 0, 3)),
                            Arguments.of("hybrid", group, with(valid, 0, 6))));
        });
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("malformed")
    void bothKindsRefuseWhatIsNoPublicValue(String name, NamedGroup group, byte[] value) {
        assertIllegalParameter(KeyShare.basePoint(group), value);
        assertIllegalParameter(KeyShare.generate(group), value);
    }

    static Stream<Arguments> outsideTheGroup() {
        var curves = Stream.of(NamedGroup.SECP256R1, NamedGroup.SECP384R1).flatMap(group -> {
            var valid = Server.in(group).publicValue();
            var beyond = valid.clone();
            Arrays.fill(beyond, 1, 1 + valid.length / 2, (byte) 0xff);
            return Stream.of(
                    Arguments.of("not on the curve", group, with(valid, valid.length - 1, valid[valid.length - 1] ^ 1)),
                    Arguments.of("coordinate beyond the field", group, beyond));
        });
        var one = new byte[32];
        one[0] = 1;
        return Stream.concat(curves, Stream.of(Arguments.of("small order", NamedGroup.X25519, one)));
    }

    /** RFC 8422, 5.11. A base-point share has no secret that such a value could reveal, and does not compute. */
    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("outsideTheGroup")
    void aGeneratedPairRefusesValuesOutsideTheGroup(String name, NamedGroup group, byte[] value) {
        assertIllegalParameter(KeyShare.generate(group), value);
    }

    private static void assertIllegalParameter(KeyShare share, byte[] value) {
        var fault = assertThrows(Fault.class, () -> share.agree(value));
        assertEquals(Violation.PUBLIC_VALUE_INVALID, fault.rule());
        assertTrue(fault.getMessage().contains(share.group().label()), fault.getMessage());
    }

    private static byte[] with(byte[] value, int at, int replaced) {
        var changed = value.clone();
        changed[at] = (byte) replaced;
        return changed;
    }

    private static ECDomainParameters domain(NamedGroup group) {
        return new ECDomainParameters(CustomNamedCurves.getByName(group.label()));
    }
}
