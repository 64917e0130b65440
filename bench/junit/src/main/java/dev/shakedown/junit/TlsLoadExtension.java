package dev.shakedown.junit;

import dev.shakedown.report.ObjectiveWords;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.Run;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Runs the load of {@link TlsLoad} before a test. */
final class TlsLoadExtension implements BeforeTestExecutionCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
            .create(TlsLoadExtension.class);
    private static final String RESULTS = "shakedown.results";
    private static final String USUAL_RESULTS = "target/tls-load";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final RunVerdict.Requirements AS_PLANNED = new RunVerdict.Requirements(true, OptionalDouble.empty(),
            OptionalDouble.empty());

    @Override
    public void beforeTestExecution(ExtensionContext context) throws IOException, InterruptedException {
        var plan = plan(context);
        var directory = directory(context);
        var result = run(plan, directory);
        context.publishReportEntry(RESULTS, directory.toString());
        context.getStore(NAMESPACE).put(RunResult.class, result);
        judge(result, "; results in " + directory.resolve(HtmlPage.FILE));
    }

    private static RunPlan plan(ExtensionContext context) throws InterruptedException {
        var asked = annotation(context);
        try {
            return LoadAttributes.plan(asked, Loaded.of(asked, context));
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException("@TlsLoad for " + name(context) + ": " + e.getMessage(), e);
        }
    }

    /** Returns the annotation of the method, or that of the innermost class that has one. */
    private static TlsLoad annotation(ExtensionContext context) {
        var found = AnnotationSupport.findAnnotation(context.getTestMethod(), TlsLoad.class);
        for (var type = context.getRequiredTestClass(); found.isEmpty() && type != null; type = type
                .getEnclosingClass()) {
            found = AnnotationSupport.findAnnotation(type, TlsLoad.class);
        }
        return found.orElseThrow();
    }

    private static RunResult run(RunPlan plan, Path directory) throws IOException {
        try {
            return kept(new Run(plan), directory);
        } catch (CannotRunException e) {
            throw new TestAbortedException("this machine cannot make the load: " + e.getMessage(), e);
        }
    }

    private static RunResult kept(Run run, Path directory) throws IOException {
        try (var file = ResultFile.create(directory, Instant.now())) {
            var saved = run.run(file, Run.Listener.NONE);
            saved.finish();
            HtmlPage.write(Report.run(saved.result(), directory, Setting.Names.OWN).pages().make(), directory);
            return saved.result();
        }
    }

    /** Judges the result; figures that the generator may have distorted are no verdict on the server. */
    private static void judge(RunResult result, String where) {
        if (result.generator().saturated()) {
            throw new TestAbortedException("the generator or its machine may have distorted the figures, because "
                    + result.generator().saturatedBecause() + where);
        }
        missed(RunVerdict.of(result, RunVerdict.Requirements.NONE))
                .or(() -> missed(RunVerdict.of(result, AS_PLANNED))).ifPresent(words -> {
                    throw new AssertionFailedError(words + where);
                });
    }

    private static Optional<String> missed(RunVerdict verdict) {
        return switch (verdict) {
            case RunVerdict.Passed _ -> Optional.empty();
            case RunVerdict.NothingCompleted(var reason) -> Optional.of("no handshake completed" + reason);
            case RunVerdict.MissedObjective(var terms) -> Optional.of(ObjectiveWords.missed(terms));
            case RunVerdict.Unfit(var reason) -> Optional.of(reason);
            case RunVerdict.TooFewCompleted _,RunVerdict.TooFewResumed _ ->
                throw new IllegalStateException("nobody required " + verdict);
        };
    }

    /** Returns a new directory for the load, named after its time and its test. */
    private static Path directory(ExtensionContext context) {
        var below = Path.of(context.getConfigurationParameter(RESULTS).orElse(USUAL_RESULTS));
        var name = TIME.format(LocalDateTime.now()) + "-" + name(context);
        var directory = below.resolve(name);
        for (var next = 2; Files.exists(directory); next++) {
            directory = below.resolve(name + "-" + next);
        }
        return directory;
    }

    private static String name(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunResult.class
                && context.getTestMethod().filter(parameter.getDeclaringExecutable()::equals).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(NAMESPACE).get(RunResult.class));
    }
}
