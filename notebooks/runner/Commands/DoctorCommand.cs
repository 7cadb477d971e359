using System.CommandLine;
using DeviceId.Notebooks.Doctor;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Commands;

/// <summary>"doctor": checks the installation and says what to do for each failure.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var doctor = new Command("doctor",
            "Checks SDK, native library, compute device, recordings and kernel registration, and says what to do for each failure.");
        doctor.Options.Add(SharedOptions.Data);
        doctor.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Report(Examination.Run(SharedOptions.DataFolder(parsed))));
        });
        return doctor;
    }

    private static int Report(IEnumerable<Finding> findings)
    {
        var failed = 0;
        foreach (var finding in findings)
        {
            Console.WriteLine($"{Word(finding.State),-6}{finding.Subject}: {finding.Detail}");
            if (finding.Advice.Length > 0)
                Console.WriteLine($"      -> {finding.Advice}");
            failed += finding.State == FindingState.Failure ? 1 : 0;
        }

        Console.WriteLine(failed == 0 ? "Everything needed is in place." : $"{failed} failed: do what the arrows say.");
        return failed == 0 ? ExitCode.Success : ExitCode.CellFailed;
    }

    private static string Word(FindingState state) => state switch
    {
        FindingState.Good => "ok",
        FindingState.Note => "note",
        _ => "FAIL",
    };
}
