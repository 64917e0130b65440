package dev.shakedown.gate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.openjdk.jmh.Main;

/**
 * The process of one fork: JMH, with the ruler measured around it. It needs only the JDK, JMH and the ruler, since it
 * runs on the class path of the measured code.
 */
public final class ForkMain {
    private ForkMain() {}

    /** @param args the file for the ruler's figures, one per line, then JMH's arguments */
    public static void main(String[] args) throws Exception {
        Ruler.warmUp();
        var before = Ruler.measureCrowd();
        Main.main(Arrays.copyOfRange(args, 1, args.length));
        var crowd = (before + Ruler.measureCrowd()) / 2;
        Files.writeString(Path.of(args[0]), Ruler.quickestBetween() + "\n" + crowd + "\n");
    }
}
