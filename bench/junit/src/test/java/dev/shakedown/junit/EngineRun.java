package dev.shakedown.junit;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.TestAbortedException;

/**
 * What became of the tests of a class.
 *
 * @param thrown by name what those threw that did not pass
 * @param passed names of those that passed
 */
record EngineRun(Map<String, Throwable> thrown, List<String> passed) {
    private static final int TRIES = 5;

    /** @param results where the loads' results go */
    static EngineRun of(Class<?> tests, Path results) {
        var thrown = new LinkedHashMap<String, Throwable>();
        var events = EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests))
                .configurationParameter("shakedown.results", results.toString()).execute().testEvents().finished();
        var names = events.stream().collect(Collectors.toMap(
                event -> ((MethodSource) event.getTestDescriptor().getSource().orElseThrow()).getMethodName(),
                event -> event.getRequiredPayload(TestExecutionResult.class)));
        names.forEach((name, result) -> result.getThrowable().ifPresent(why -> thrown.put(name, why)));
        return new EngineRun(thrown, names.keySet().stream().filter(name -> !thrown.containsKey(name)).toList());
    }

    /** The same, tried again where a load calls this machine unfit, which says nothing of what is tested. */
    static EngineRun judged(Class<?> tests, Path results) {
        for (var tried = 1;; tried++) {
            var run = of(tests, results);
            var unfit = run.thrown.values().stream().filter(TestAbortedException.class::isInstance).findFirst();
            if (unfit.isEmpty()) {
                return run;
            }
            if (tried == TRIES) {
                abort("not judged: this machine was busy: " + unfit.get().getMessage());
            }
        }
    }

    /** By name, {@code passed} or why not. */
    Map<String, String> ends() {
        var ends = new LinkedHashMap<String, String>();
        passed.forEach(name -> ends.put(name, "passed"));
        thrown.forEach((name, why) -> ends.put(name, String.valueOf(why.getMessage())));
        return ends;
    }

    static List<Path> entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }
}
