package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The record protection of one direction: none, AEAD, CBC or stream (RFC 5246, 6.2.3). */
public sealed interface RecordProtection
        permits RecordProtection.None, RecordProtection.Deferred, PostFinishedProtection, AeadProtection, CbcProtection,
        StreamProtection, InnerTypeProtection, DeflateProtection {
    /**
     * Writes one record that contains {@code content}, at most {@link RecordReader#MAX_CONTENT} bytes in heap memory.
     */
    void seal(ContentType type, ByteBuf content, ByteBuf out);

    /**
     * Returns a received record with its plaintext as fragment and the plaintext's type; the plaintext may share the
     * record's memory.
     *
     * @throws Fault if it does not authenticate, or is too long
     */
    RecordReader.Record open(RecordReader.Record received) throws Fault;

    /** Frees memory outside the heap; this protection cannot be used afterwards. */
    default void end() {
        // most have none
    }

    /** Returns the maximum length of a protected record's fragment, in bytes. */
    default int maxFragment() {
        return RecordReader.MAX_PROTECTED;
    }

    /** Whether the version in a record's header is ignored (RFC 8446, 5.1 and 5.2). */
    default boolean ignoresVersion() {
        return false;
    }

    /** Returns the protection of TLS 1.3. */
    static RecordProtection withInnerType(Primitives primitives, CipherSuite suite, KeyBlock.Keys keys) {
        return new InnerTypeProtection(primitives, suite.bulk(), keys);
    }

    /**
     * Returns the protection of what a TLS 1.3 server sends after its Finished: under its application keys, but it also
     * opens an alert of a server that does not use them yet.
     *
     * @param next derives the protection under the application keys when the first record needs it
     * @param last the protection under the handshake keys
     */
    static RecordProtection afterServerFinished(Primitives primitives, Supplier<RecordProtection> next,
            RecordProtection last) {
        return new PostFinishedProtection(primitives, new Deferred(next), last);
    }

    /** Returns the protection under a suite's keys, up to TLS 1.2. */
    static RecordProtection of(Primitives primitives, Dialect dialect, CipherSuite suite, KeyBlock.Keys keys,
            boolean encryptThenMac) {
        if (suite.bulk().isAead()) {
            return new AeadProtection(primitives, suite.bulk(), keys, dialect.version().id());
        }
        return suite.bulk().isCbc()
                ? new CbcProtection(primitives, dialect, suite, keys, encryptThenMac)
                : new StreamProtection(primitives, dialect, suite, keys);
    }

    /** Returns {@code protection} with compression before it. */
    static RecordProtection deflated(RecordProtection protection) {
        return new DeflateProtection(protection);
    }

    /** No protection: plaintext, in records of {@code version}. */
    record None(int version) implements RecordProtection {
        @Override
        public void seal(ContentType type, ByteBuf content, ByteBuf out) {
            header(type, version, content.readableBytes(), out);
            out.writeBytes(content);
        }

        @Override
        public RecordReader.Record open(RecordReader.Record received) {
            return received;
        }

        @Override
        public int maxFragment() {
            return RecordReader.MAX_CONTENT;
        }
    }

    /** The protection of TLS 1.3 with keys that are derived when the first record needs them; often none does. */
    final class Deferred implements RecordProtection {
        private final Supplier<RecordProtection> derivation;
        private @Nullable RecordProtection derived;

        public Deferred(Supplier<RecordProtection> derivation) {
            this.derivation = derivation;
        }

        @Override
        public void seal(ContentType type, ByteBuf content, ByteBuf out) {
            derived().seal(type, content, out);
        }

        @Override
        public RecordReader.Record open(RecordReader.Record received) throws Fault {
            return derived().open(received);
        }

        @Override
        public int maxFragment() {
            return RecordReader.MAX_PROTECTED_TLS13;
        }

        @Override
        public boolean ignoresVersion() {
            return true;
        }

        private RecordProtection derived() {
            if (derived == null) {
                derived = derivation.get();
            }
            return derived;
        }
    }

    /** Writes a record's header. */
    static void header(ContentType type, int version, int length, ByteBuf out) {
        out.writeByte(type.id()).writeShort(version).writeShort(length);
    }

    /**
     * Fills {@code into} with sequence number, type, version and length, which the MAC or AEAD covers before the
     * content (RFC 5246, 6.2.3.1 and 6.2.3.3).
     */
    static void additionalData(byte[] into, long sequence, ContentType type, int version, int length) {
        sequenceAndType(into, sequence, type);
        into[9] = (byte) (version >> 8);
        into[10] = (byte) version;
        into[11] = (byte) (length >> 8);
        into[12] = (byte) length;
    }

    /** Fills {@code into} with the first nine bytes of {@link #additionalData}. */
    static void sequenceAndType(byte[] into, long sequence, ContentType type) {
        for (var i = 0; i < 8; i++) {
            into[i] = (byte) (sequence >>> (56 - 8 * i));
        }
        into[8] = (byte) type.id();
    }

    /** The length of {@link #additionalData}, in bytes. */
    int ADDITIONAL_DATA = 13;

    /** Returns the same fault for every record that does not authenticate, so as not to reveal which check failed. */
    static Fault badRecordMac() {
        return new Fault(Violation.RECORD_NOT_AUTHENTIC);
    }
}
