package dev.shakedown.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The width of standard error's terminal in columns. The kernel knows it even after the window was resized. */
final class TerminalWidth {
    /** The width assumed if it is unknown. */
    static final int USUAL = 80;

    private static final int STANDARD_ERROR = 2;
    /** TIOCGWINSZ, which fills a struct of four shorts: rows, columns, and its size in pixels (ioctl_tty(2)). */
    private static final long ON_LINUX = 0x5413;
    private static final long ELSEWHERE = 0x40087468;
    private static final int WINDOW_BYTES = 8;
    private static final int COLUMNS_AT = 2;

    private static final Optional<MethodHandle> IOCTL = ioctl();

    private TerminalWidth() {}

    /** Returns the current width, at least 1. */
    static int now() {
        return of(columns(), System.getenv());
    }

    /** Returns the width from the kernel, else from the shell, else the usual one. */
    static int of(OptionalInt kernel, Map<String, String> environment) {
        if (kernel.isPresent() && kernel.getAsInt() > 0) {
            return kernel.getAsInt();
        }
        var shell = environment.getOrDefault("COLUMNS", "");
        return shell.matches("[1-9]\\d{0,3}") ? Integer.parseInt(shell) : USUAL;
    }

    private static OptionalInt columns() {
        if (IOCTL.isEmpty()) {
            return OptionalInt.empty();
        }
        try (var arena = Arena.ofConfined()) {
            var window = arena.allocate(WINDOW_BYTES);
            var failed = (int) IOCTL.get().invokeExact(STANDARD_ERROR, isLinux() ? ON_LINUX : ELSEWHERE, window);
            return failed == 0
                    ? OptionalInt.of(Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, COLUMNS_AT)))
                    : OptionalInt.empty();
        } catch (Throwable _) {
            // A method handle may throw anything; a line of the usual width is good enough.
            return OptionalInt.empty();
        }
    }

    /** Returns the function; empty where there is none, as on Windows, or native access is not allowed. */
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> ioctl() {
        try {
            var linker = Linker.nativeLinker();
            return linker.defaultLookup().find("ioctl").map(address -> linker.downcallHandle(address,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2)));
        } catch (UnsupportedOperationException | IllegalCallerException _) {
            return Optional.empty();
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    }
}
