package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes TLS 1.3 records with any content, type and padding (RFC 8446, 5.2 to 5.4). */
final class Sealing {
    private static final int TAG = 16;

    private final Bulk bulk;
    private final KeyBlock.Keys keys;
    /** The version in the headers of its records, which is ignored (RFC 8446, 5.2). */
    int version = ScriptedPeer.VERSION;
    private long sequence;

    Sealing(Bulk bulk, KeyBlock.Keys keys) {
        this.bulk = bulk;
        this.keys = keys;
    }

    /** Returns the next record, with a TLSInnerPlaintext. */
    byte[] seal(byte[] inner) {
        try {
            var header = ScriptedPeer.bytes(23, version >> 8, version, inner.length + TAG >> 8, inner.length + TAG);
            var nonce = Unpooled.copiedBuffer(keys.iv());
            nonce.setLong(4, nonce.getLong(4) ^ sequence++);
            var chacha = bulk == Bulk.CHACHA20_POLY1305;
            var cipher = Cipher.getInstance(chacha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.key(), chacha ? "ChaCha20" : "AES"),
                    chacha ? new IvParameterSpec(nonce.array()) : new GCMParameterSpec(8 * TAG, nonce.array()));
            cipher.updateAAD(header);
            return ScriptedPeer.joined(header, cipher.doFinal(inner));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
