package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.Optional;

/** How the two sides established a shared secret, as far as it is known. */
sealed interface KeyExchangeResult {
    /** No group, or not yet: the server decrypts the premaster secret, or both sides have the session's key. */
    record WithoutGroup() implements KeyExchangeResult {
        static final WithoutGroup ALL = new WithoutGroup();
    }

    /** A key exchange in a named group. */
    record InGroup(KeyShare share, byte[] serverValue) implements KeyExchangeResult {
        /** @throws Fault if the server's public value is invalid */
        PremasterSecret agree() throws Fault {
            return share.agree(serverValue);
        }
    }

    /** A key exchange in a finite-field group that the server specified. */
    record InFiniteField(int primeBits) implements KeyExchangeResult {}

    /** Returns the named group; empty if there is none. */
    default Optional<NamedGroup> group() {
        return this instanceof InGroup in ? Optional.of(in.share.group()) : Optional.empty();
    }

    /** Returns the group's name in results; empty if there is none. */
    default Optional<String> groupLabel() {
        return switch (this) {
            case WithoutGroup _ -> Optional.empty();
            case InGroup in -> Optional.of(in.share.group().label());
            case InFiniteField numbers -> Optional.of("dh" + numbers.primeBits);
        };
    }

    /**
     * Returns what is wrong with the server's public value, checked more closely than a handshake needs; usually empty.
     */
    default Optional<Fault> flaw() {
        if (this instanceof InGroup in) {
            try {
                in.share.check(in.serverValue);
            } catch (Fault flaw) {
                return Optional.of(flaw);
            }
        }
        return Optional.empty();
    }
}
