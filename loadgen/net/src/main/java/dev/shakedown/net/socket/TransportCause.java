package dev.shakedown.net.socket;

import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a transport error means, by the operating system's error number, and where nobody tells that by the exception's
 * class: the names are the same on every transport and in every language.
 */
public enum TransportCause {
    // What the generator itself ran out of, or was told to use and has not
    PORTS(null),
    SOURCE_ADDRESS(null),
    DESCRIPTORS(null),
    MEMORY(null),
    // The server, or the way to it
    CONNECTION_REFUSED("nothing listens at the target's port"),
    CONNECTION_RESET("the server reset the connection"),
    CONNECTION_CLOSED("the server closed the connection"),
    CONNECTION_TIMED_OUT("the network gave up on the connection"),
    NOT_PERMITTED("this machine's rules forbid the connection"),
    NETWORK_UNREACHABLE("there is no route to the target's network"),
    HOST_UNREACHABLE(
            "the target's host cannot be reached: nobody answers for its address, or a firewall or router on the way"
                    + " turns packets back"),
    BLACKHOLE("a route of this machine drops what is meant for the target (blackhole)"),
    /** Nothing tells which of the three. */
    UNREACHABLE("the network has no way to the target"),
    /** Whatever else. */
    TRANSPORT_ERROR("the transport failed");

    private final @Nullable String meaning;

    TransportCause(@Nullable String meaning) {
        this.meaning = meaning;
    }

    /** What {@code error} means. */
    public static TransportCause of(Throwable error) {
        return Errno.of(error).map(errno -> of(errno, chain(error).anyMatch(SourceException.class::isInstance)))
                .or(() -> chain(error).flatMap(cause -> byClass(cause).stream()).findFirst()).orElse(TRANSPORT_ERROR);
    }

    /** What it means that a socket cannot be bound to the address that it is to connect from. */
    public static TransportCause ofSource(Throwable error) {
        return of(new SourceException(error));
    }

    private static TransportCause of(Errno errno, boolean whenBinding) {
        return switch (errno) {
            case EADDRNOTAVAIL -> whenBinding ? SOURCE_ADDRESS : PORTS;
            case EADDRINUSE -> PORTS;
            case EMFILE, ENFILE -> DESCRIPTORS;
            case ENOMEM, ENOBUFS -> MEMORY;
            case ECONNREFUSED -> CONNECTION_REFUSED;
            case ECONNRESET, EPIPE -> CONNECTION_RESET;
            case ETIMEDOUT -> CONNECTION_TIMED_OUT;
            case EPERM, EACCES -> NOT_PERMITTED;
            case ENETUNREACH, ENETDOWN -> NETWORK_UNREACHABLE;
            case EHOSTUNREACH, EHOSTDOWN -> HOST_UNREACHABLE;
            case EINVAL -> BLACKHOLE;
        };
    }

    private static Optional<TransportCause> byClass(Throwable error) {
        return Optional.ofNullable(switch (error) {
            case OutOfMemoryError _ -> MEMORY;
            case BindException _ -> PORTS;
            // The JDK's is a refusal; with a number that is none of those it is Netty's, of anything.
            case ConnectException refusal when !Errno.isNumbered(refusal) -> CONNECTION_REFUSED;
            case PortUnreachableException _ -> CONNECTION_REFUSED;
            case NoRouteToHostException _ -> UNREACHABLE;
            case SocketTimeoutException _ -> CONNECTION_TIMED_OUT;
            // The server's end may show in a write that cannot go on before it shows in a read.
            case ClosedChannelException _,EOFException _ -> CONNECTION_CLOSED;
            default -> null;
        });
    }

    /**
     * The name in results, such as {@code connection_refused}; that of whatever is unreachable is {@code unreachable}.
     */
    public String label() {
        return switch (this) {
            case NETWORK_UNREACHABLE, HOST_UNREACHABLE, BLACKHOLE -> UNREACHABLE.label();
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /**
     * Whether the generator ran out of something, or was told to use what it has not; neither is a fault of the server.
     */
    public boolean isOwn() {
        return meaning == null;
    }

    /**
     * One sentence, whosever fault it is.
     *
     * @param error of which this is the cause; {@code null} where nobody knows it
     */
    public String meaning(@Nullable Throwable error) {
        return this == TRANSPORT_ERROR && error != null
                ? meaning + ": " + words(error)
                : meaning == null ? "this machine has run out of " + label() : meaning;
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
}
