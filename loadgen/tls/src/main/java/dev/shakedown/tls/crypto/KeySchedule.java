package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The key schedule of TLS 1.3 (RFC 8446, 7.1). Each secret has its own type and can only be derived from the one before
 * it, so that using them out of order does not compile:
 *
 * <pre>
 * PreSharedKey ─► EarlySecret ─► HandshakeSecret ─► MainSecret ─► ResumptionSecret ─► PreSharedKey
 *                     │                │                │
 *                     └────────────────┴── TrafficSecret ┘
 * </pre>
 */
public final class KeySchedule {
    private static final byte[] DERIVED = Hkdf.label("derived");
    private static final byte[] RESUMPTION_BINDER = Hkdf.label("res binder");
    private static final byte[] CLIENT_EARLY = Hkdf.label("c e traffic");
    private static final byte[] CLIENT_HANDSHAKE = Hkdf.label("c hs traffic");
    private static final byte[] SERVER_HANDSHAKE = Hkdf.label("s hs traffic");
    private static final byte[] CLIENT_APPLICATION = Hkdf.label("c ap traffic");
    private static final byte[] SERVER_APPLICATION = Hkdf.label("s ap traffic");
    private static final byte[] RESUMPTION_MAIN = Hkdf.label("res master");
    private static final byte[] RESUMPTION = Hkdf.label("resumption");
    private static final byte[] FINISHED = Hkdf.label("finished");
    private static final byte[] TRAFFIC_UPDATE = Hkdf.label("traffic upd");
    private static final byte[] KEY = Hkdf.label("key");
    private static final byte[] IV = Hkdf.label("iv");
    private static final byte[] NONE = {};
    private static final int IV_LENGTH = 12;

    private KeySchedule() {}

    /** The key of a session to resume, and the hash of its suite. */
    public record PreSharedKey(Hash hash, byte[] bytes) {
        /** Returns the first secret of the schedule, with this key. */
        public EarlySecret early(Primitives primitives) {
            return new EarlySecret(hash, Hkdf.extract(primitives, hash, new byte[hash.length()], bytes));
        }

        /**
         * Returns the first secret of the schedule without a key, which is a constant (RFC 8446, 7.1: a string of
         * zeros).
         */
        public static EarlySecret none(Primitives primitives, Hash hash) {
            return new PreSharedKey(hash, new byte[hash.length()]).early(primitives);
        }
    }

    /** The Early Secret, which depends only on the pre-shared key. */
    public record EarlySecret(Hash hash, byte[] bytes) {
        /**
         * Returns the binder: the proof in the ClientHello that the client has the key of the session it offers (RFC
         * 8446, 4.2.11.2).
         *
         * @param truncatedHash the hash of the ClientHello up to its binders
         */
        public byte[] resumptionBinder(Primitives primitives, byte[] truncatedHash) {
            var key = Hkdf.expandLabel(primitives, hash, bytes, RESUMPTION_BINDER, primitives.hashOfNothing(hash),
                    hash.length());
            return new TrafficSecret(hash, key).finished(primitives, truncatedHash);
        }

        /** Returns the secret that protects early data; {@code helloHash} is the hash of the ClientHello. */
        public TrafficSecret clientTraffic(Primitives primitives, byte[] helloHash) {
            return traffic(primitives, hash, bytes, CLIENT_EARLY, helloHash);
        }

        /** @param shared the (EC)DHE shared secret; {@code null} if there was no key exchange */
        public HandshakeSecret handshake(Primitives primitives, @Nullable PremasterSecret shared) {
            return new HandshakeSecret(hash, next(primitives, hash, bytes,
                    shared == null ? new byte[hash.length()] : shared.bytes()));
        }
    }

    /** The Handshake Secret, which depends on the key exchange, too. */
    public record HandshakeSecret(Hash hash, byte[] bytes) {
        /** {@code helloHash} is the hash of ClientHello to ServerHello. */
        public TrafficSecret clientTraffic(Primitives primitives, byte[] helloHash) {
            return traffic(primitives, hash, bytes, CLIENT_HANDSHAKE, helloHash);
        }

        /** {@code helloHash} is the hash of ClientHello to ServerHello. */
        public TrafficSecret serverTraffic(Primitives primitives, byte[] helloHash) {
            return traffic(primitives, hash, bytes, SERVER_HANDSHAKE, helloHash);
        }

        public MainSecret main(Primitives primitives) {
            return new MainSecret(hash, next(primitives, hash, bytes, new byte[hash.length()]));
        }
    }

    /** The Main Secret, which protects application data; RFC 8446 calls it Master Secret. */
    public record MainSecret(Hash hash, byte[] bytes) {
        /** {@code finishedHash} is the hash of ClientHello to the server's Finished. */
        public TrafficSecret clientTraffic(Primitives primitives, byte[] finishedHash) {
            return traffic(primitives, hash, bytes, CLIENT_APPLICATION, finishedHash);
        }

        /** {@code finishedHash} is the hash of ClientHello to the server's Finished. */
        public TrafficSecret serverTraffic(Primitives primitives, byte[] finishedHash) {
            return traffic(primitives, hash, bytes, SERVER_APPLICATION, finishedHash);
        }

        /** {@code handshakeHash} is the hash of ClientHello to the client's Finished. */
        public ResumptionSecret resumption(Primitives primitives, byte[] handshakeHash) {
            return new ResumptionSecret(hash,
                    Hkdf.expandLabel(primitives, hash, bytes, RESUMPTION_MAIN, handshakeHash, hash.length()));
        }
    }

    /** The resumption secret, from which the keys of the connection's tickets are derived. */
    public record ResumptionSecret(Hash hash, byte[] bytes) {
        /** Returns the pre-shared key of the ticket with this nonce (RFC 8446, 4.6.1). */
        public PreSharedKey ticket(Primitives primitives, byte[] nonce) {
            return new PreSharedKey(hash,
                    Hkdf.expandLabel(primitives, hash, bytes, RESUMPTION, nonce, hash.length()));
        }
    }

    /** A traffic secret, from which the record keys of one direction are derived. */
    public record TrafficSecret(Hash hash, byte[] bytes) {
        /** Returns the record keys for {@code bulk} (RFC 8446, 7.3). */
        public KeyBlock.Keys keys(Primitives primitives, Bulk bulk) {
            return new KeyBlock.Keys(NONE,
                    Hkdf.expandLabel(primitives, hash, bytes, KEY, NONE, bulk.keyLength()),
                    Hkdf.expandLabel(primitives, hash, bytes, IV, NONE, IV_LENGTH));
        }

        /** Returns the verify_data of the Finished sent in this direction (RFC 8446, 4.4.4). */
        public byte[] finished(Primitives primitives, byte[] transcriptHash) {
            var key = Hkdf.expandLabel(primitives, hash, bytes, FINISHED, NONE, hash.length());
            return primitives.mac(hash, key).doFinal(transcriptHash);
        }

        /** Whether {@code verifyData} is what {@link #finished} returns. */
        public boolean verifies(Primitives primitives, byte[] transcriptHash, byte[] verifyData) {
            return MessageDigest.isEqual(finished(primitives, transcriptHash), verifyData);
        }

        /** Returns the secret after a KeyUpdate (RFC 8446, 7.2). */
        public TrafficSecret updated(Primitives primitives) {
            return traffic(primitives, hash, bytes, TRAFFIC_UPDATE, NONE);
        }
    }

    private static TrafficSecret traffic(Primitives primitives, Hash hash, byte[] secret, byte[] label,
            byte[] context) {
        return new TrafficSecret(hash,
                Hkdf.expandLabel(primitives, hash, secret, label, context, hash.length()));
    }

    private static byte[] next(Primitives primitives, Hash hash, byte[] secret, byte[] inputKey) {
        var salt = Hkdf.expandLabel(primitives, hash, secret, DERIVED, primitives.hashOfNothing(hash), hash.length());
        return Hkdf.extract(primitives, hash, salt, inputKey);
    }
}
