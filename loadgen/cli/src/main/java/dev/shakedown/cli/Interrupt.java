package dev.shakedown.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handles Ctrl-C, SIGTERM, and SIGHUP, which is sent when the terminal closes: the first signal ends the work in an
 * orderly way, a second one exits at once. The JDK reports signals one by one only through {@code sun.misc.Signal},
 * about which javac gives a warning that cannot be suppressed; so it is used by reflection, and where it is missing, a
 * signal ends the process as usual. Signals that are ignored from the start, such as SIGHUP under nohup, stay ignored.
 */
final class Interrupt {
    private static final int EXIT_BY_SIGNAL = 128;

    private Interrupt() {}

    /** Runs {@code endWork} on a new thread when the first signal comes. */
    static void onFirst(Runnable endWork) {
        var seen = new AtomicBoolean();
        handle("HUP", 1, seen, endWork);
        handle("INT", 2, seen, endWork);
        handle("TERM", 15, seen, endWork);
    }

    private static void handle(String name, int number, AtomicBoolean seen, Runnable endWork) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler}, (_, _, _) -> {
                if (seen.getAndSet(true)) {
                    Runtime.getRuntime().halt(EXIT_BY_SIGNAL + number);
                }
                endWork.run();
                return null;
            });
            signal.getMethod("handle", signal, handler).invoke(null,
                    signal.getConstructor(String.class).newInstance(name),
                    proxy);
        } catch (ReflectiveOperationException _) {
            // no such signal here, or the JVM does not handle it (-Xrs)
        }
    }
}
