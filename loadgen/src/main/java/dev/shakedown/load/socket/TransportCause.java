package dev.shakedown.load.socket;

import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a transport error means, by the operating system's error number, and where nobody tells that by the exception's class:
 * the names are the same on every transport and in every language.
 *
 * @param label   the name in results, such as {@code connection_refused}
 * @param meaning one sentence; {@code null} where the generator itself ran out of something
 */
public record TransportCause(String label, String meaning) {
    /** A source address is not one of this machine. */
    public static final String SOURCE_ADDRESS = "source_address";

    private static final TransportCause PORTS = own("ports");
    private static final TransportCause SOURCE = own(SOURCE_ADDRESS);
    private static final TransportCause DESCRIPTORS = own("descriptors");
    private static final TransportCause MEMORY = own("memory");
    private static final TransportCause REFUSED = new TransportCause("connection_refused",
            "nothing listens at the target's port");
    private static final TransportCause RESET = new TransportCause("connection_reset",
            "the server reset the connection");
    private static final TransportCause CLOSED = new TransportCause("connection_closed",
            "the server closed the connection");
    private static final TransportCause TIMED_OUT = new TransportCause("connection_timed_out",
            "the network gave up on the connection");
    private static final TransportCause NOT_PERMITTED = new TransportCause("not_permitted",
            "this machine's rules forbid the connection");
    private static final String UNREACHABLE = "unreachable";
    private static final TransportCause NO_NETWORK = new TransportCause(UNREACHABLE,
            "there is no route to the target's network");
    private static final TransportCause NO_HOST = new TransportCause(UNREACHABLE,
            "the target's host cannot be reached: nobody answers for its address, or a firewall or router on the way"
                    + " turns packets back");
    private static final TransportCause DROPPED = new TransportCause(UNREACHABLE,
            "a route of this machine drops what is meant for the target (blackhole)");
    private static final TransportCause NO_WAY = new TransportCause(UNREACHABLE,
            "the network has no way to the target");

    private static TransportCause own(String label) {
        return new TransportCause(label, null);
    }

    /** What {@code error} means. */
    public static TransportCause of(Throwable error) {
        return Errno.of(error).map(errno -> of(errno, chain(error).anyMatch(SourceException.class::isInstance)))
                .or(() -> chain(error).flatMap(cause -> byClass(cause).stream()).findFirst())
                .orElseGet(() -> new TransportCause("transport_error", "the transport failed: " + words(error)));
    }

    /** What it means that a socket cannot be bound to the address that it is to connect from. */
    public static TransportCause ofSource(Throwable error) {
        return of(new SourceException(error));
    }

    private static TransportCause of(Errno errno, boolean whenBinding) {
        return switch (errno) {
            case EADDRNOTAVAIL -> whenBinding ? SOURCE : PORTS;
            case EADDRINUSE -> PORTS;
            case EMFILE, ENFILE -> DESCRIPTORS;
            case ENOMEM, ENOBUFS -> MEMORY;
            case ECONNREFUSED -> REFUSED;
            case ECONNRESET, EPIPE -> RESET;
            case ETIMEDOUT -> TIMED_OUT;
            case EPERM, EACCES -> NOT_PERMITTED;
            case ENETUNREACH, ENETDOWN -> NO_NETWORK;
            case EHOSTUNREACH, EHOSTDOWN -> NO_HOST;
            case EINVAL -> DROPPED;
        };
    }

    private static Optional<TransportCause> byClass(Throwable error) {
        return Optional.ofNullable(switch (error) {
            case OutOfMemoryError _ -> MEMORY;
            case BindException _ -> PORTS;
            // The JDK's is a refusal; with a number that is none of those it is Netty's, of anything.
            case ConnectException refusal when !Errno.isNumbered(refusal) -> REFUSED;
            case PortUnreachableException _ -> REFUSED;
            case NoRouteToHostException _ -> NO_WAY;
            case SocketTimeoutException _ -> TIMED_OUT;
            // The server's end may show in a write that cannot go on before it shows in a read.
            case ClosedChannelException _,EOFException _ -> CLOSED;
            default -> null;
        });
    }

    private static Stream<Throwable> chain(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause);
    }

    /** The first message there is, without those that only name what caused them. */
    private static String words(Throwable error) {
        return chain(error).filter(each -> each.getMessage() != null && each.getCause() == null)
                .map(Throwable::getMessage).findFirst().orElseGet(
                        () -> error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }

    /** Whether the generator ran out of something, or was told to use what it has not; neither is a fault of the server. */
    public boolean isOwn() {
        return meaning == null;
    }

    /** One sentence, whosever fault it is. */
    public String inWords() {
        return meaning == null ? "this machine has run out of " + label : meaning;
    }

    /** Whether only a connection that stood can end so. */
    boolean isOfConnection() {
        return equals(RESET);
    }
}
