package dev.shakedown.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "completion", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown completion SHELL", //
        header = "Print a script that completes shakedown's command lines in bash, zsh or fish.", //
        footer = {"", "Examples:", "  source <(shakedown completion bash)",
            "  shakedown completion fish >~/.config/fish/completions/shakedown.fish"})
final class CompletionCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Completion.Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.print(Completion.script(shell));
        out.flush();
        return 0;
    }
}
