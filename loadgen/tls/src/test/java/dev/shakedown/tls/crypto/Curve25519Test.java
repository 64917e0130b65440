package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Curve25519Test {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    @Test
    void allValuesAroundTheModulusAreReduced() {
        for (var i = -40; i < 19; i++) {
            var value = P.add(BigInteger.valueOf(i));
            assertArrayEquals(bytes(value.mod(P)), Curve25519.reduced(bytes(value)), "p + " + i);
            assertArrayEquals(bytes(value.mod(P)), Curve25519.reduced(bytes(value.setBit(255))), "p + " + i);
        }
    }

    @Test
    void anyOtherValueOnlyLosesItsHighestBit() {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++) {
            var value = new BigInteger(256, random);
            assertArrayEquals(bytes(value.clearBit(255).mod(P)), Curve25519.reduced(bytes(value)));
        }
        // One byte different from p.
        for (var at = 8; at < 248; at += 8) {
            var value = P.setBit(4).clearBit(at);
            assertArrayEquals(bytes(value), Curve25519.reduced(bytes(value)));
        }
    }

    /** Every point that yields the secret 0 (RFC 7748, 6.1), in each of its encodings. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1",
        "325606250916557431795983626356110631294008115727848805560023387167927233504",
        "39382357235489614581723060781553021112529911719440698176882885853963445705823"})
    void valuesOfSmallOrderAreRefused(BigInteger value) {
        for (var each = value.mod(P); each.bitLength() <= 255; each = each.add(P)) {
            for (var encoded : new byte[][]{bytes(each), bytes(each.setBit(255))}) {
                for (var share : new KeyShare[]{KeyShare.basePoint(NamedGroup.X25519),
                    KeyShare.generate(NamedGroup.X25519)}) {
                    assertEquals(AlertDescription.ILLEGAL_PARAMETER,
                            assertThrows(Fault.class, () -> share.agree(encoded)).alert());
                }
            }
        }
    }

    /** A base-point share's secret is the one that every server computes. */
    @Test
    void whatIsReducedIsWhatOthersComputeWith() throws Fault {
        var share = KeyShare.generate(NamedGroup.X25519);
        for (var i = 2; i < 19; i++) {
            var small = BigInteger.valueOf(i);
            assertArrayEquals(share.agree(bytes(small)).bytes(), share.agree(bytes(small.add(P))).bytes());
            assertArrayEquals(bytes(small),
                    KeyShare.basePoint(NamedGroup.X25519).agree(bytes(small.add(P).setBit(255))).bytes());
        }
    }

    private static byte[] bytes(BigInteger value) {
        var bytes = new byte[32];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
