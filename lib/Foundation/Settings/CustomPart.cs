namespace DeviceId.Foundation;

/// <summary>Parts of one's own, from a notebook cell.</summary>
internal static class CustomPart
{
    /// <summary>Why settings that were read from a file cannot be run: a file holds no function.</summary>
    /// <param name="part">What it is: feature, classifier, loss, degradation.</param>
    /// <param name="version">Its name and version.</param>
    public static string Missing(string part, string version) =>
        $"The {part} '{version}' is defined in a notebook cell and cannot be made from stored settings: run the cell that defines it.";
}
