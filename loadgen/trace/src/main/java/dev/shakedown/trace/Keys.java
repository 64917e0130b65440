package dev.shakedown.trace;

import java.security.PublicKey;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Public keys in words. */
final class Keys {
    private Keys() {}

    /** Algorithm and size, such as {@code RSA 2048}. */
    static String describe(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
            case EdECPublicKey edwards -> edwards.getParams().getName();
            case DSAPublicKey dsa -> "DSA " + dsa.getParams().getP().bitLength();
            default -> key.getAlgorithm();
        };
    }
}
