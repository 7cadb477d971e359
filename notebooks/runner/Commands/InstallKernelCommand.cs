using System.CommandLine;
using DeviceId.Notebooks.Jupyter;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Commands;

/// <summary>"install-kernel": registers the runner as a Jupyter kernel.</summary>
internal static class InstallKernelCommand
{
    private static readonly Option<bool> Remove = new("--remove") { Description = "Removes the registration." };

    public static Command Create()
    {
        var install = new Command("install-kernel",
            $"Registers the Jupyter kernel \"{KernelSpec.DisplayName}\" for this user: "
            + "JupyterLab, Notebook, nbclient and VS Code's Jupyter extension then run the notebooks.");
        install.Options.Add(Remove);
        install.SetAction(parsed => CommandLine.RunCommand(() => parsed.GetValue(Remove) ? Unregister() : Register()));
        return install;
    }

    private static int Register()
    {
        foreach (var folder in KernelSpec.Install())
            Console.WriteLine($"registered: {folder}");
        Console.WriteLine(
            $"Open a notebook in JupyterLab, Jupyter Notebook or VS Code and choose the kernel \"{KernelSpec.DisplayName}\".");
        return ExitCode.Success;
    }

    private static int Unregister()
    {
        var removed = KernelSpec.Remove();
        foreach (var folder in removed)
            Console.WriteLine($"removed: {folder}");
        if (removed.Count == 0)
            Console.WriteLine($"The kernel was not registered in {KernelSpec.KernelsFolder}.");
        return ExitCode.Success;
    }
}
