namespace DeviceId.Reporting;

/// <summary>plotly.js for a notebook page that has none: the whole script inside the page, nothing from the network.</summary>
public static class PlotlyScript
{
    /// <summary>Set by our runner, whose report carries plotly.js once for all notebooks.</summary>
    public const string HostVariable = "DEVICEID_HOST";

    /// <summary>The build lays the script beside the library.</summary>
    public const string FileName = "plotly.min.js";

    /// <summary>The script as a notebook value; empty where the host brings its own.</summary>
    /// <exception cref="FileNotFoundException">The script does not lie beside the library.</exception>
    public static INotebookValue ForThisHost()
    {
        if (Environment.GetEnvironmentVariable(HostVariable) == "runner")
            return new HtmlFragment("", "");
        var path = Path.Combine(Path.GetDirectoryName(typeof(PlotlyScript).Assembly.Location)!, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{path} is missing: build the project once (dotnet build DeviceId.slnx) so that the charts have their script.", path);
        // Some pages load an AMD loader, which plotly.js would hand itself to instead of to the page.
        return new HtmlFragment(
            $"<script data-deviceid=\"plotly-js\">(function () {{ const define = undefined, module = undefined, exports = undefined;\n{File.ReadAllText(path)}\nwindow.Plotly = window.Plotly || Plotly; }})();</script>",
            "plotly.js loaded");
    }
}
