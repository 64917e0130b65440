package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.MessageDigest;

/** The verify_data of Finished: a MAC over the handshake so far (RFC 5246, 7.4.9). */
public enum FinishedMac {
    CLIENT("client finished", "CLNT"), SERVER("server finished", "SRVR");

    /** Bytes of verify_data up to TLS 1.2, but for SSL 3.0. */
    public static final int LENGTH = 12;

    private static final byte[] NONE = {};

    private final byte[] label;
    private final byte[] sender;

    FinishedMac(String label, String sender) {
        this.label = Prf.label(label);
        this.sender = Prf.label(sender);
    }

    /** Bytes of verify_data where {@code hash} is PRF's and transcript's. */
    public static int length(Hash hash) {
        return hash == Hash.OF_SSL_3_0 ? hash.length() : LENGTH;
    }

    /** This side's verify_data over {@code transcriptHash}. */
    public byte[] make(Primitives primitives, Hash hash, MasterSecret master, byte[] transcriptHash) {
        return hash == Hash.OF_SSL_3_0
                ? Ssl3.handshakeMac(primitives, master.bytes(), transcriptHash, sender)
                : Prf.expand(primitives, hash, master.bytes(), label, transcriptHash, NONE, LENGTH);
    }

    /** Whether {@code verifyData} is this side's over {@code transcriptHash}. */
    public boolean verify(Primitives primitives, Hash hash, MasterSecret master, byte[] transcriptHash,
            byte[] verifyData) {
        return MessageDigest.isEqual(make(primitives, hash, master, transcriptHash), verifyData);
    }
}
