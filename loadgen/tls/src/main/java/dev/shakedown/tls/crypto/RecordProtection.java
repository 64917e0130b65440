package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One direction's record layer: none, AEAD, CBC or stream (RFC 5246, 6.2.3). */
public sealed interface RecordProtection
        permits RecordProtection.None, RecordProtection.Deferred, PostFinishedProtection, AeadProtection, CbcProtection,
        StreamProtection, InnerTypeProtection, DeflateProtection {
    /**
     * Writes one whole record around {@code content}, at most {@link RecordReader#MAX_CONTENT} bytes in heap memory.
     */
    void seal(ContentType type, ByteBuf content, ByteBuf out);

    /**
     * A record that arrived, with its content as fragment and the content's own type; it may lie in the record's
     * memory.
     *
     * @throws Fault when it does not authenticate, or is too long
     */
    RecordReader.Record open(RecordReader.Record received) throws Fault;

    /** Frees memory outside the heap; it is of no use afterwards. */
    default void end() {
        // there mostly is none
    }

    /** The most bytes that the fragment of a record under this protection may have. */
    default int maxFragment() {
        return RecordReader.MAX_PROTECTED;
    }

    /** Whether the version in a record's header says nothing (RFC 8446, 5.1 and 5.2). */
    default boolean ignoresVersion() {
        return false;
    }

    /** Protection in TLS 1.3. */
    static RecordProtection withInnerType(Primitives primitives, CipherSuite suite, KeyBlock.Keys keys) {
        return new InnerTypeProtection(primitives, suite.bulk(), keys);
    }

    /**
     * What a server of TLS 1.3 sends behind its Finished, which is protected under its application keys; but an alert
     * of a server that has not come to use them is read as well.
     *
     * @param next derives the application keys' protection, when the first record needs it
     * @param last the protection of the handshake
     */
    static RecordProtection behindFinished(Primitives primitives, Supplier<RecordProtection> next,
            RecordProtection last) {
        return new PostFinishedProtection(primitives, new Deferred(next), last);
    }

    /** Protection under a suite's keys, up to TLS 1.2. */
    static RecordProtection of(Primitives primitives, Dialect dialect, CipherSuite suite, KeyBlock.Keys keys,
            boolean encryptThenMac) {
        if (suite.bulk().isAead()) {
            return new AeadProtection(primitives, suite.bulk(), keys, dialect.version().id());
        }
        return suite.bulk().isCbc()
                ? new CbcProtection(primitives, dialect, suite, keys, encryptThenMac)
                : new StreamProtection(primitives, dialect, suite, keys);
    }

    /** The same of what is compressed before. */
    static RecordProtection deflated(RecordProtection protection) {
        return new DeflateProtection(protection);
    }

    /** Before any keys: content as it is, in records of {@code version}. */
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

    /** Protection of TLS 1.3 whose keys are derived when the first record needs them: often none does. */
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

    /** The first nine bytes of that. */
    static void sequenceAndType(byte[] into, long sequence, ContentType type) {
        for (var i = 0; i < 8; i++) {
            into[i] = (byte) (sequence >>> (56 - 8 * i));
        }
        into[8] = (byte) type.id();
    }

    /** Bytes of {@link #additionalData}. */
    int ADDITIONAL_DATA = 13;

    /** One fault for all that does not authenticate, so that it does not tell which check failed. */
    static Fault badRecordMac() {
        return new Fault(Violation.RECORD_NOT_AUTHENTIC);
    }
}
