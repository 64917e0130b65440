package dev.shakedown.net.socket;

import io.netty.channel.unix.Errors.NativeIoException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The operating system's error numbers that a connection may come to (errno(3)). Netty's own transports tell the
 * number; the JDK only tells the operating system's text of it, in the user's language, so that the operating system is
 * asked for its texts, too.
 */
enum Errno {
    EPERM(1, 1),
    ENOMEM(12, 12),
    EACCES(13, 13),
    /** Linux says so of a route that drops what it gets. */
    EINVAL(22, 22),
    ENFILE(23, 23),
    EMFILE(24, 24),
    EPIPE(32, 32), //
    EADDRINUSE(98, 48),
    EADDRNOTAVAIL(99, 49),
    ENETDOWN(100, 50),
    ENETUNREACH(101, 51),
    ECONNRESET(104, 54), //
    ENOBUFS(105, 55),
    ETIMEDOUT(110, 60),
    ECONNREFUSED(111, 61),
    EHOSTDOWN(112, 64),
    EHOSTUNREACH(113, 65);

    /** Other systems that Netty's own transports know descend from BSD. */
    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    /** How Netty ends the message of what it throws when it cannot connect, a class without a number of its own. */
    private static final Pattern NETTYS = Pattern.compile("\\(\\.\\.\\) failed with error\\(-(\\d+)\\)");
    /** What the JDK says of a reset whatever the language, as it finds it out before it asks for a text. */
    private static final String JDKS_RESET = "Connection reset";
    private static final Map<String, Errno> TEXTS = texts();

    private final int linux;
    private final int bsd;

    Errno(int linux, int bsd) {
        this.linux = linux;
        this.bsd = bsd;
    }

    /** As this machine's operating system numbers it; positive. */
    int number() {
        return LINUX ? linux : bsd;
    }

    /** The number behind {@code error} or what caused it, if anything tells and it is one of these. */
    static Optional<Errno> of(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            var found = ofOne(cause);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Whether {@code error} tells a number, be it one of these or not. */
    static boolean isNumbered(Throwable error) {
        return error instanceof NativeIoException
                || error.getMessage() != null && NETTYS.matcher(error.getMessage()).find();
    }

    private static Optional<Errno> ofOne(Throwable error) {
        if (error instanceof NativeIoException numbered) {
            return of(-numbered.expectedErr());
        }
        if (error.getMessage() == null) {
            return Optional.empty();
        }
        var number = NETTYS.matcher(error.getMessage());
        return number.find()
                ? of(Integer.parseInt(number.group(1)))
                : Optional.ofNullable(TEXTS.get(error.getMessage()));
    }

    private static Optional<Errno> of(int number) {
        for (var errno : values()) {
            if (errno.number() == number) {
                return Optional.of(errno);
            }
        }
        return Optional.empty();
    }

    /** By the texts of strerror(3), which are those that the JDK takes; none of them where Java may not call it. */
    @SuppressWarnings("restricted")
    private static Map<String, Errno> texts() {
        var texts = new HashMap<String, Errno>();
        texts.put(JDKS_RESET, ECONNRESET);
        try {
            var linker = Linker.nativeLinker();
            var strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            var charset = Charset.forName(System.getProperty("native.encoding"));
            for (var errno : values()) {
                var text = (MemorySegment) strerror.invokeExact(errno.number());
                texts.put(text.reinterpret(Long.MAX_VALUE).getString(0, charset), errno);
            }
        } catch (Throwable _) {
            // An exception's class has to tell.
        }
        return Map.copyOf(texts);
    }
}
