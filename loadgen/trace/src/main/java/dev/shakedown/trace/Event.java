package dev.shakedown.trace;

import dev.shakedown.tls.wire.ContentType;
import java.net.InetSocketAddress;
import java.util.List;

/** What happened on a connection, in order; {@link #nanos} counts from when it was asked for. */
public sealed interface Event {
    long nanos();

    /** The TCP connection stands. */
    record Connected(long nanos, InetSocketAddress client, InetSocketAddress server) implements Event {}

    /**
     * A record.
     *
     * @param number      counts those of both sides from 1
     * @param sent        whether the client sent it
     * @param bytes       header and fragment as they stand on the wire
     * @param type        of the content, which in TLS 1.3 is not the header's
     * @param isProtected whether it was under keys
     * @param parts       what it holds
     */
    record Record(long nanos, int number, boolean sent, byte[] bytes, ContentType type, boolean isProtected,
            List<RecordPart> parts) implements Event {
        /** The type in the header, as its byte. */
        int outerType() {
            return bytes[0];
        }

        /** The version in the header. */
        int version() {
            return (bytes[1] & 0xff) << 8 | bytes[2] & 0xff;
        }

        /** How long the header says that the fragment is. */
        int length() {
            return (bytes[3] & 0xff) << 8 | bytes[4] & 0xff;
        }
    }

    /**
     * One side ended its half of the TCP connection, or all of it.
     *
     * @param sent  whether the client did
     * @param reset whether by RST rather than FIN
     */
    record Closed(long nanos, boolean sent, boolean reset) implements Event {}

    /** The server sent bytes that are no record, or not a whole one. */
    record Remains(long nanos, byte[] bytes) implements Event {}

    /** The time that was given was over. */
    record Expired(long nanos) implements Event {}

    /** So many events happened here that are not kept, since there were too many. */
    record Omitted(long nanos, long events) implements Event {}
}
