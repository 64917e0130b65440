package dev.shakedown.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.Optional;

/** Other work on the machine may spoil what a test measures, which is not the fault of the code under test. */
final class BusyMachine {
    private static final int TRIES = 3;

    private BusyMachine() {}

    /** One try of a test that measures. */
    interface Try {
        /**
         * Measures, and asserts if what was measured may be judged.
         *
         * @param number of this try, from 1
         * @return why it may not, in the words of what measured; empty if it was judged
         */
        Optional<String> measure(int number) throws IOException, InterruptedException;
    }

    /** Tries until a measurement may be judged; where none may, the test ends without a verdict. */
    static void tolerate(Try attempt) throws IOException, InterruptedException {
        for (var number = 1;; number++) {
            var unfit = attempt.measure(number);
            if (unfit.isEmpty()) {
                return;
            }
            if (number == TRIES) {
                abort("not judged: this machine was busy: in each of " + TRIES + " tries, at last since "
                        + unfit.get());
            }
        }
    }
}
