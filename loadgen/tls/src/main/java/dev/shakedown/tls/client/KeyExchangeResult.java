package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.Optional;

/** How both sides came to a common secret, as far as it can be told. */
sealed interface KeyExchangeResult {
    /** Without a group, or not yet: the server decrypts what is encrypted to its key, or both have the session's. */
    record WithoutGroup() implements KeyExchangeResult {
        static final WithoutGroup ALL = new WithoutGroup();
    }

    /** In a named group. */
    record InGroup(KeyShare share, byte[] serverValue) implements KeyExchangeResult {
        /** @throws Fault when no secret follows from the server's value */
        PremasterSecret agree() throws Fault {
            return share.agree(serverValue);
        }
    }

    /** In a group of numbers of the server's own. */
    record InNumbers(int primeBits) implements KeyExchangeResult {}

    /** The named group; empty where there is none. */
    default Optional<NamedGroup> group() {
        return this instanceof InGroup in ? Optional.of(in.share.group()) : Optional.empty();
    }

    /** The group as results name it; empty where there is none. */
    default Optional<String> groupLabel() {
        return switch (this) {
            case WithoutGroup _ -> Optional.empty();
            case InGroup in -> Optional.of(in.share.group().label());
            case InNumbers numbers -> Optional.of("dh" + numbers.primeBits);
        };
    }

    /** What is wrong with the server's public value, looked at more closely than a handshake needs; mostly nothing. */
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
