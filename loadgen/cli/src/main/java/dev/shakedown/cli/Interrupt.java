package dev.shakedown.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C, SIGTERM, and SIGHUP, which comes when the terminal goes: the first one ends the work in an orderly way, a
 * second one of any exits at once. The JDK tells a second signal from the first only through {@code sun.misc.Signal},
 * which javac warns of with no way to allow it; so it is used by reflection, and where it is missing a signal ends the
 * process as ever. What is ignored from the start, as SIGHUP under nohup, the JVM leaves ignored.
 */
final class Interrupt {
    private static final int EXIT_BY_SIGNAL = 128;

    private Interrupt() {}

    /** Runs {@code endWork}, on a thread of its own, when the first signal comes. */
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
            // no such signal here, or taken by the JVM (-Xrs)
        }
    }
}
