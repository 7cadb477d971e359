using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Opens what the user points at, or what lies in the data folder, or the simulated corpus.</summary>
public static class CorpusFinder
{
    /// <summary>Where recordings of CCNU-Mobile are looked for inside the data folder.</summary>
    public const string CcnuMobileFolder = "ccnu-mobile";

    /// <summary>Opens a corpus.</summary>
    /// <param name="folder">
    /// The recordings: CCNU-Mobile's names (<c>device_1.wav</c>), a folder a device, or a table (<see cref="RecordingTable"/>); empty for
    /// the default.
    /// </param>
    /// <param name="dataFolder">The project's data folder: holds ccnu-mobile, and the simulated recordings once they are made.</param>
    /// <param name="simulated">The corpus to make when there are no recordings.</param>
    /// <param name="progress">Told about files read or made.</param>
    /// <exception cref="CorpusException">The folder is missing, holds no recordings, or leaves a device without any.</exception>
    public static Corpus Open(string folder, string dataFolder, SimulatedCorpusOptions simulated, IProgress<WorkProgress>? progress = null)
    {
        if (folder.Length > 0)
            return RecordingTable.Recognises(folder) ? RecordingTable.Open(folder, progress) : CcnuMobile.Recognises(folder)
                ? CcnuMobile.Open(folder, progress) : DeviceFolders.Open(folder, progress);
        var ccnu = Path.Combine(dataFolder, CcnuMobileFolder);
        return AudioFolder.HoldsAudio(ccnu)
            ? CcnuMobile.Open(ccnu, progress)
            : SimulatedCorpus.Open(simulated, dataFolder, progress);
    }
}
