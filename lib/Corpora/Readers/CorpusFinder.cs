using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Opens the recordings that the user specifies, or those in the data folder, or the simulated corpus.</summary>
public static class CorpusFinder
{
    /// <summary>Subfolder of the data folder that may hold CCNU-Mobile.</summary>
    public const string CcnuMobileFolder = "ccnu-mobile";

    /// <summary>Opens a corpus.</summary>
    /// <param name="folder">
    /// The recordings: a folder with CCNU-Mobile's names (<c>device_1.wav</c>), a folder with one subfolder per device, or a table
    /// (<see cref="RecordingTable"/>). Empty for the default.
    /// </param>
    /// <param name="dataFolder">The data folder of the project, with ccnu-mobile and, once created, the simulated recordings.</param>
    /// <param name="simulated">Settings of the simulated corpus, which is used if there are no recordings.</param>
    /// <param name="progress">Reports files read or created.</param>
    /// <exception cref="DeviceIdException">
    /// The folder does not exist, has no recordings, or has a device without readable recordings.
    /// </exception>
    public static Corpus Open(string folder, string dataFolder, SimulatedCorpusOptions simulated, IProgress<WorkProgress>? progress = null)
    {
        if (folder.Length > 0)
        {
            return RecordingTable.Recognises(folder) ? RecordingTable.Open(folder, progress)
                : CcnuMobile.Recognises(folder) ? CcnuMobile.Open(folder, progress)
                : DeviceFolders.Open(folder, progress);
        }

        var ccnu = Path.Combine(dataFolder, CcnuMobileFolder);
        return AudioFolder.HoldsAudio(ccnu)
            ? CcnuMobile.Open(ccnu, progress)
            : SimulatedCorpus.Open(simulated, dataFolder, progress);
    }
}
