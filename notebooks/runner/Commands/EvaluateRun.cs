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

/// <summary>Studies what models of some recordings are worth, or finds the study stored, and prints its tables.</summary>
internal static class EvaluateRun
{
    /// <summary>Checks the options and runs.</summary>
    /// <exception cref="NotebookException">The recordings or the options cannot be used.</exception>
    public static int Start(string recordings, string profileName, int sentences, string results, string deviceName)
    {
        try
        {
            var (device, progress, profile) = (ComputeDevice.Choose(deviceName), new LiveProgress(), Profile.Named(profileName));
            WritableFile.Require("--results", Path.Combine(results, EvidenceStore.Folder, "study.json"));
            var corpus = CorpusFinder.Open(recordings, "", profile.Simulated, progress);
            if (corpus.Skipped.Count > 0)
                Console.WriteLine(corpus.SkippedNotice);
            var store = new EvidenceStore(Path.Combine(results, EvidenceStore.Folder),
                Path.Combine(Repository.CommittedResults, EvidenceStore.Folder));
            var (options, held, cache) = (PhoneModelOptions.Sized(profile), sentences > 0 ? sentences : profile.Folds,
                Path.Combine(Repository.Cache, "features"));
            var evidence = store.FindOrStudy(corpus, options, held, cache, device, progress);
            var tables = new EvidenceTables(evidence);
            foreach (var table in new[] { tables.Calibration(), tables.Unknown(), tables.Verification(), tables.Splices() })
                Console.WriteLine($"\n{table}");
            var warned = store.FindOrStudyWarnings(corpus, options, profile.Degradations, held, cache, device, progress);
            Console.WriteLine($"\n{new WarningTables(warned).Warned()}");
            Console.WriteLine(FormattableString.Invariant(
                $"\nThe models were asked on {evidence.Environment.Machine}, for {evidence.Minutes:0} minutes (commit {evidence.Environment.Commit ?? "unknown"}), about warnings on {warned.Environment.Machine} (commit {warned.Environment.Commit ?? "unknown"})."));
            foreach (var found in store.Found)
                Console.WriteLine($"Found, not computed again: {found}");
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
}
