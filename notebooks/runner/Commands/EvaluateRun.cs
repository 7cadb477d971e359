using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Measures how reliable models of the given recordings are, or loads the stored study, and prints its tables.</summary>
internal static class EvaluateRun
{
    /// <summary>Checks the options and runs.</summary>
    /// <exception cref="NotebookException">The recordings or the options cannot be used.</exception>
    public static int Start(string recordings, string profileName, int sentences, string results, string deviceName)
    {
        try
        {
            var device = ComputeDevice.Choose(deviceName);
            var progress = new LiveProgress();
            var profile = Profile.Named(profileName);
            WritableFile.Require("--results", Path.Combine(results, EvidenceStore.Folder, "study.json"));
            var corpus = CorpusFinder.Open(recordings, "", profile.Simulated, progress);
            foreach (var notice in corpus.Notices)
                Console.WriteLine(notice);
            var store = new EvidenceStore(Path.Combine(results, EvidenceStore.Folder),
                Path.Combine(Repository.CommittedResults, EvidenceStore.Folder));
            var options = PhoneModelOptions.Sized(profile);
            var heldOut = sentences > 0 ? sentences : profile.Folds;
            var cache = Path.Combine(Repository.Cache, "features");
            var evidence = store.FindOrStudy(corpus, options, heldOut, cache, device, progress);
            var fileFacts = new FileFactsStore(
                Path.Combine(results, FileFactsStore.Folder), Path.Combine(Repository.CommittedResults, FileFactsStore.Folder));
            var tables = new EvidenceTables(evidence) { FileFacts = fileFacts.FindOrMeasure(corpus, progress) };
            foreach (var table in new[] { tables.Calibration(), tables.Unknown(), tables.Verification(), tables.Splices() })
                Print(table);
            var warnings = store.FindOrStudyWarnings(corpus, options, profile.Degradations, heldOut, cache, device, progress);
            Print(new WarningTables(warnings).Warned());
            Console.WriteLine(FormattableString.Invariant(
                $"\nComputed on {evidence.Environment.Machine} in {evidence.Minutes:0} minutes (commit ")
                + $"{evidence.Environment.Commit ?? "unknown"}); warnings on {warnings.Environment.Machine} "
                + $"(commit {warnings.Environment.Commit ?? "unknown"}).");
            foreach (var stored in store.Found)
                Console.WriteLine($"Loaded, not computed again: {stored}");
            foreach (var damaged in store.Damaged)
                Console.WriteLine(damaged);
            return ExitCode.Success;
        }
        catch (Exception problem) when (problem is ArgumentException or CorpusException or AudioException or OptionsException
            or DegradationException)
        {
            throw new NotebookException(problem.Message);
        }
    }

    private static void Print(ResultTable table)
    {
        Console.WriteLine();
        PrintedTable.Print(table);
    }
}
