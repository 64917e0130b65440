package dev.shakedown.trace;

import dev.shakedown.tls.wire.ContentType;
import java.net.InetSocketAddress;
import java.util.List;

/** An event on a connection; {@link #nanos} counts from the request to connect. */
public sealed interface Event {
    long nanos();

    /** The TCP connection was established. */
    record Connected(long nanos, InetSocketAddress client, InetSocketAddress server) implements Event {}

    /**
     * A record was sent or received.
     *
     * @param number      its number among the records of both sides, from 1
     * @param sent        whether the client sent it
     * @param bytes       header and fragment as on the wire
     * @param type        the type of the content, which in TLS 1.3 is not the header's
     * @param isProtected whether it was encrypted
     * @param parts       its content
     */
    record Record(long nanos, int number, boolean sent, byte[] bytes, ContentType type, boolean isProtected,
            List<RecordPart> parts) implements Event {
        /** Returns the type in the header. */
        int outerType() {
            return bytes[0];
        }

        /** Returns the version in the header. */
        int version() {
            return (bytes[1] & 0xff) << 8 | bytes[2] & 0xff;
        }

        /** Returns the length of the fragment according to the header. */
        int length() {
            return (bytes[3] & 0xff) << 8 | bytes[4] & 0xff;
        }
    }

    /**
     * One side closed its half of the TCP connection, or all of it.
     *
     * @param sent  whether the client closed it
     * @param reset whether by RST rather than FIN
     */
    record Closed(long nanos, boolean sent, boolean reset) implements Event {}

    /** The server sent bytes that are not a complete record. */
    record Remains(long nanos, byte[] bytes) implements Event {}

    /** The timeout expired. */
    record Expired(long nanos) implements Event {}

    /** A number of events at this place were not kept, since there were too many. */
    record Omitted(long nanos, long events) implements Event {}
}
