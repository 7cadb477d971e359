namespace DeviceId.Foundation;

/// <summary>Custom features, classifiers, losses and degradations that a notebook cell defines.</summary>
internal static class CustomPart
{
    /// <summary>The message for settings that were read from a file: a file holds no function.</summary>
    /// <param name="part">Kind of the custom part: feature, classifier, loss, degradation.</param>
    /// <param name="version">Its name and version.</param>
    public static string Missing(string part, string version) =>
        $"The {part} '{version}' is defined in a notebook cell and cannot be created from stored settings: run the cell that defines it.";
}
