package dev.shakedown.gate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The process of one fork: the ruler, JMH with the other arguments, and the ruler again. Needs nothing but the JDK and the
 * ruler, since it runs on the class path of whatever is measured.
 */
public final class ForkMain {
    private ForkMain() {}

    /** @param args the file for the ruler's figures, a line each, and JMH's arguments */
    public static void main(String[] args) throws Exception {
        Ruler.warmUp();
        var before = Ruler.measure();
        Class.forName("org.openjdk.jmh.Main").getMethod("main", String[].class).invoke(null,
                (Object) Arrays.copyOfRange(args, 1, args.length));
        var ruler = Ruler.mean(before, Ruler.measure());
        Files.writeString(Path.of(args[0]), ruler.nanos() + "\n" + ruler.crowd() + "\n");
    }
}
